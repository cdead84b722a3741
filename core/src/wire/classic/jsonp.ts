/** JSON as a script, for pages of another origin: `name(json);`. Only where the server allows it. */

/** A body taken apart. */
export interface JsonpBody {
  readonly callback: string;
  /** What stands between the brackets. */
  readonly text: string;
}

/** Undefined where the body is not one call and nothing else. White space around it is nothing. */
export function parseJsonp(body: string): JsonpBody | undefined {
  const start = body.length - body.trimStart().length;
  const open = body.indexOf("(", start);
  const end = body.trimEnd();
  if (open < 0 || open - start > MAX_CALLBACK_LENGTH || !end.endsWith(");")) return undefined;
  const callback = body.slice(start, open);
  if (!isJsonpCallback(callback)) return undefined;
  return { callback, text: end.slice(open + 1, -2) };
}

/** The body as a server writes it. */
export function jsonpText({ callback, text }: JsonpBody): string {
  return `${callback}(${text});`;
}

/** Generated names have some 40 characters. */
const MAX_CALLBACK_LENGTH = 1024;

const IDENTIFIER = /^[\p{L}\p{Nl}$_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}$_]*$/u;

const RESERVED = new Set(
  (
    "abstract boolean break byte case catch char class const continue debugger default delete do double else enum " +
    "export extends false final finally float for function goto if implements import in instanceof int interface " +
    "long native new null package private protected public return short static super switch synchronized this " +
    "throw throws transient true try typeof var void volatile while with"
  ).split(" "),
);

/** JavaScript identifiers with dots between them and no reserved word: what a server accepts. */
export function isJsonpCallback(name: string): boolean {
  return name.split(".").every((part) => IDENTIFIER.test(part) && !RESERVED.has(part));
}
