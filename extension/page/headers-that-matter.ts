/**
 * Headers that say what a request asks for, what an answer is and who made it. Others may carry secrets, or say
 * nothing about a connection. Names in lower case.
 *
 * @module
 */
export type Headers = Readonly<Record<string, string>>;

const OF_REQUESTS: readonly string[] = ["accept", "content-type", "x-signalr-user-agent"];

const OF_ANSWERS: readonly string[] = [
  "content-type",
  "content-length",
  "content-encoding",
  "cache-control",
  "retry-after",
  "server",
  "via",
  "www-authenticate",
  "x-accel-buffering",
];

/** Undefined where none of them is there. */
export function requestHeadersThatMatter(headers: Headers): Headers | undefined {
  const picked = pick(OF_REQUESTS, (name) => headers[name]);
  return picked.some ? picked.headers : undefined;
}

export function answerHeadersThatMatter(find: (name: string) => string | null | undefined): Headers {
  return pick(OF_ANSWERS, find).headers;
}

function pick(
  names: readonly string[],
  find: (name: string) => string | null | undefined,
): { readonly headers: Headers; readonly some: boolean } {
  const headers: Record<string, string> = {};
  let some = false;
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? "";
    const value = find(name);
    if (typeof value !== "string") continue;
    headers[name] = value;
    some = true;
  }
  return { headers, some };
}
