/**
 * Recognises SignalR traffic by a glance. Small and free of imports, because the page hook carries it into pages.
 *
 * @module
 */
import type { Payload } from "./payload.ts";

const RECORD_SEPARATOR = "\u001e";

/** Requests are some 40 characters; anything longer than this is searched no further. */
const MAX_REQUEST_LENGTH = 1024;

/** True for text that begins with `{"protocol":"…","version":n}` and a record separator, properties in any order. */
export function isHandshakeRequest(text: string): boolean {
  const end = text.slice(0, MAX_REQUEST_LENGTH).indexOf(RECORD_SEPARATOR);
  if (end < 0 || !/^\s*\{/.test(text)) return false;
  const record = text.slice(0, end);
  return (
    /"protocol"\s*:\s*"/.test(record) && /"version"\s*:\s*-?\d/.test(record) && !/"type"\s*:/.test(record)
  );
}

/**
 * True for a payload that begins like ASP.NET Core SignalR: a handshake of either side, JSON records with a numeric
 * type, or length-prefixed MessagePack arrays of a known type. Looks at the beginning only.
 */
export function looksLikeHubTraffic(payload: Payload): boolean {
  switch (payload.kind) {
    case "text":
      return looksLikeHubText(payload.text);
    case "binary":
      return looksLikeMessagePackRecords(payload.bytes) || looksLikeHubText(asciiHead(payload.bytes));
    case "omitted":
      return false;
  }
}

function looksLikeHubText(text: string): boolean {
  return looksLikeJsonRecords(text) || isHandshakeRequest(text) || isHandshakeResponse(text);
}

/** True for text whose first record is a JSON object with a numeric type, as far as a glance can tell. */
export function looksLikeJsonRecords(text: string): boolean {
  const end = text.indexOf(RECORD_SEPARATOR);
  if (end < 0 || !/^\s*\{/.test(text)) return false;
  // .NET writes the type first, the JavaScript client last.
  const head = text.slice(0, Math.min(end, MAX_REQUEST_LENGTH));
  const foot = text.slice(Math.max(0, end - 64), end);
  return (
    /^\s*\{\s*"type"\s*:\s*\d+\s*[,}]/.test(head) ||
    /"type"\s*:\s*\d+\s*\}\s*$/.test(foot) ||
    (end < MAX_RECORD_LENGTH && hasTypeAmongOthers(text.slice(0, end)))
  );
}

/** Writers whose properties have no order are few: what is longer than this is not looked through for them. */
const MAX_RECORD_LENGTH = 65_536;

/** The type is the record's own: not one of what is within it, nor text that looks like it. */
function hasTypeAmongOthers(record: string): boolean {
  const piece = /"(?:[^"\\]|\\.)*"(?:\s*:\s*\d+\s*(?=[,}]))?|[{}[\]]/g;
  let depth = 0;
  for (let found = piece.exec(record); found !== null; found = piece.exec(record)) {
    const [token] = found;
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (depth === 1 && /^"type"\s*:/.test(token)) return true;
  }
  return false;
}

function isHandshakeResponse(text: string): boolean {
  const end = text.slice(0, MAX_REQUEST_LENGTH).indexOf(RECORD_SEPARATOR);
  return end > 0 && /^\s*\{\s*(?:"error"\s*:\s*"[\s\S]*"\s*)?\}\s*$/.test(text.slice(0, end));
}

function asciiHead(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, MAX_REQUEST_LENGTH));
}

const MAX_PREFIX_SIZE = 5;

/**
 * True where length prefixes divide the bytes and every record that begins in them is an array that begins with a
 * message type. The last record may be cut, if an array with a type was seen.
 */
export function looksLikeMessagePackRecords(bytes: Uint8Array): boolean {
  let at = 0;
  let seen = 0;
  while (at < bytes.length) {
    let length = 0;
    let size = 0;
    for (; size < MAX_PREFIX_SIZE; size++) {
      const byte = bytes[at + size];
      // A cut prefix is as good as a cut record.
      if (byte === undefined) return seen > 0;
      length += (byte & 0x7f) * 2 ** (7 * size);
      if (byte < 0x80) break;
    }
    const head = bytes[at + size + 1];
    const type = bytes[at + size + 2];
    if (size === MAX_PREFIX_SIZE || length < 2 || length > 0x7fff_ffff) return false;
    if (head === undefined || type === undefined) return seen > 0;
    if (head < 0x91 || head > 0x9f || type < 1 || type > 9) return false;
    seen += 1;
    at += size + 1 + length;
  }
  return seen > 0;
}

/**
 * True for an address that speaks of a hub: what most are called, and what templates name them. Says nothing certain, and
 * is asked only of a socket that failed before it could say anything.
 */
export function mayBeHubUrl(url: string): boolean {
  const [path = ""] = url.split(/[?#]/, 1);
  return /hub|signalr|\/_blazor/i.test(path.replace(/^[a-z]+:\/\/[^/]*/i, ""));
}

/** True for the address of a negotiate request: the path ends in `/negotiate`, as servers match it, without case. */
export function isNegotiateUrl(url: string): boolean {
  const [path = ""] = url.split(/[?#]/, 1);
  return /\/negotiate\/?$/i.test(path);
}
