/** Where a receiver stands in each topic: the grammar of `C` and `messageId`. */
export interface Cursor {
  /** `d-`, a hexadecimal number and `-` (random per server process), or `s-` for a scale-out backplane. */
  readonly prefix: string;
  readonly entries: readonly CursorEntry[];
}

/** One topic of a cursor. */
export interface CursorEntry {
  /** Unescaped. Behind `d-` a minified topic name, behind `s-` the index of a stream. */
  readonly key: string;
  /** Hexadecimal, as on the wire: the number of messages in the topic, up to 64 bits. */
  readonly id: string;
}

const PREFIX = /^(?:s-|d-(?:[\dA-Fa-f]{1,8}-)?)/;

/**
 * `prefix key "," hexid ( "|" key "," hexid )*`, with `\`, `|` and `,` of a key behind a `\`. Undefined where the
 * server would refuse the text too: repeated keys, missing IDs, escapes of anything else.
 */
export function parseCursor(text: string, prefix: string | undefined = prefixOf(text)): Cursor | undefined {
  if (prefix === undefined || !text.startsWith(prefix)) return undefined;
  const entries: CursorEntry[] = [];
  const keys = new Set<string>();
  let at = prefix.length;
  for (;;) {
    const key = readKey(text, at);
    if (key === undefined || keys.has(key.key)) return undefined;
    const bar = text.indexOf("|", key.end);
    const end = bar < 0 ? text.length : bar;
    const id = text.slice(key.end, end);
    if (!isCursorId(id)) return undefined;
    keys.add(key.key);
    entries.push({ key: key.key, id });
    if (bar < 0) return { prefix, entries };
    at = bar + 1;
  }
}

function prefixOf(text: string): string | undefined {
  return PREFIX.exec(text)?.[0];
}

const KEY_PIECE = /[^\\|,]*/y;

/** `end` is behind the comma. */
function readKey(text: string, start: number): { readonly key: string; readonly end: number } | undefined {
  const pieces: string[] = [];
  let at = start;
  for (;;) {
    KEY_PIECE.lastIndex = at;
    const piece = KEY_PIECE.exec(text)?.[0] ?? "";
    pieces.push(piece);
    at += piece.length;
    if (text[at] === ",") return { key: pieces.join(""), end: at + 1 };
    const escaped = text[at + 1];
    if (text[at] !== "\\" || (escaped !== "\\" && escaped !== "|" && escaped !== ",")) return undefined;
    pieces.push(escaped);
    at += 2;
  }
}

/** 64 bits at most. */
function isCursorId(text: string): boolean {
  return /^0*[\dA-Fa-f]{1,16}$/.test(text);
}

/** The text that {@link parseCursor} reads. */
export function cursorText({ prefix, entries }: Cursor): string {
  return prefix + entries.map(({ key, id }) => `${key.replace(/[\\|,]/g, "\\$&")},${id}`).join("|");
}

const KEY_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:";

/** Eight digits are 48 bits, which a number holds; no server counts so many topics. */
const MAX_KEY_LENGTH = 8;

/** The number that a minified key stands for, in the order in which the server came to know its topics. */
export function topicNumber(key: string): number | undefined {
  if (key === "" || key.length > MAX_KEY_LENGTH) return undefined;
  let number = 0;
  for (const digit of key) {
    const value = KEY_DIGITS.indexOf(digit);
    if (value < 0) return undefined;
    number = number * KEY_DIGITS.length + value;
  }
  return number;
}
