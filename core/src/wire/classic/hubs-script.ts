/**
 * The proxy script at `/hubs` or `/js`, read as text and never run: hubs, their methods and the methods' parameters.
 *
 * @module
 */

/** What a proxy script says. */
export interface HubsScript {
  /** What the script connects to; absent where it does not say. */
  readonly serviceUrl?: string;
  readonly hubs: readonly ScriptHub[];
  /** The server answers with a script that throws: its administrator switched proxies off. */
  readonly isDisabled: boolean;
}

/** One hub that the server has. */
export interface ScriptHub {
  /** As the client names it: the type's name in camel case, or the HubName as it is. */
  readonly name: string;
  readonly methods: readonly ScriptMethod[];
}

/** One overload of each method, that with the fewest parameters. */
export interface ScriptMethod {
  /** On the wire. */
  readonly name: string;
  /** In the script; absent where the script hides it. */
  readonly property?: string;
  readonly parameters: readonly ScriptParameter[];
}

/** One parameter of a method, in order; those of type IProgress are left out by the server. */
export interface ScriptParameter {
  readonly name: string;
  /** .NET type; only in files that `signalr.exe ghp` has written. */
  readonly type?: string;
}

/** Between a property and the call of its method: room for the documentation of some fifty parameters. */
const MAX_METHOD_LENGTH = 16_384;

const HUB = /createHubProxy\(\s*(["'])([^"'\r\n]{1,512})\1/g;
const METHOD = /merge\(\[\s*(["'])([^"'\r\n]{1,512})\1/g;

/** Never throws, in time linear in the script. A text without hubs has none. */
export function parseHubsScript(script: string): HubsScript {
  const starts = [...script.matchAll(HUB)];
  const hubs = new Map<string, ScriptMethod[]>();
  starts.forEach((start, index) => {
    const [, , name = ""] = start;
    const block = script.slice(start.index, starts[index + 1]?.index ?? script.length);
    const methods = hubs.get(name);
    if (methods === undefined) hubs.set(name, methodsOf(block));
    else for (const method of methodsOf(block)) methods.push(method);
  });
  const serviceUrl = serviceUrlOf(script);
  return {
    ...(serviceUrl === undefined ? undefined : { serviceUrl }),
    hubs: [...hubs].map(([name, methods]) => ({ name, methods })),
    isDisabled: hubs.size === 0 && script.includes("JavaScript Hub proxy generation has been disabled"),
  };
}

function methodsOf(block: string): ScriptMethod[] {
  let from = 0;
  return [...block.matchAll(METHOD)].map((match) => {
    const [whole, , name = ""] = match;
    const head = block.slice(Math.max(from, match.index - MAX_METHOD_LENGTH), match.index);
    from = match.index + whole.length;
    return { name, ...declarationOf(head) };
  });
}

/** Names are not quoted, whatever they are: `throw: function ()` and `renamed-method: function ()` occur. */
const DECLARATION =
  /(?:^|[\s{,])(["']?)([^\s"'{},:]{1,512})\1\s{0,8}:\s{0,8}function\s{0,8}\(([^()]{0,4096})\)/g;

function declarationOf(head: string): Omit<ScriptMethod, "name"> {
  const last = [...head.matchAll(DECLARATION)].at(-1);
  if (last === undefined) return { parameters: [] };
  const [, , property = "", list = ""] = last;
  const types = typesIn(head.slice(last.index));
  const parameters = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name) => {
      const type = types.get(name);
      return type === undefined ? { name } : { name, type };
    });
  return { property, parameters };
}

/** The backslashes are in the file. */
const TYPE = /<param name=\\?"([^"\\]{1,512})\\?"[^>\r\n]{0,512}>Server side type is ([^<\r\n]{1,1024})</g;

function typesIn(documentation: string): ReadonlyMap<string, string> {
  return new Map([...documentation.matchAll(TYPE)].map(([, name = "", type = ""]) => [name, type]));
}

/** Written by a JSON encoder. */
function serviceUrlOf(script: string): string | undefined {
  const [, text] = /hubConnection\(\s{0,8}("(?:[^"\\\r\n]|\\.){0,2048}")/.exec(script) ?? [];
  if (text === undefined) return undefined;
  try {
    const url: unknown = JSON.parse(text);
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
}
