import { safeText } from "./safe-text.ts";

/** What a piece of a preview is; "word" stands for null, booleans and names of types. */
export type PreviewKind = "key" | "string" | "number" | "word" | "punctuation";

/** A piece of a preview that a view gives one colour. */
export interface PreviewToken {
  readonly text: string;
  readonly kind: PreviewKind;
}

/** Collects tokens up to a length; what goes beyond it becomes one "…". */
export interface PreviewWriter {
  push(kind: PreviewKind, text: string): void;
  /** In quotes. */
  string(text: string): void;
  key(text: string): void;
  isFull(): boolean;
  tokens(): readonly PreviewToken[];
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** `limit` is in UTF-16 units, the final "…" not counted. `literal` keeps strings as they are, for searching. */
export function createPreviewWriter(limit: number, literal = false): PreviewWriter {
  const written: PreviewToken[] = [];
  let left = Math.max(0, limit);
  let isFull = false;

  const push = (kind: PreviewKind, text: string): void => {
    if (isFull || text === "") return;
    const start = startOf(text, left);
    const fitting = literal ? start : safeText(start);
    if (fitting.length <= left) {
      written.push({ text: fitting, kind });
      left -= fitting.length;
      return;
    }
    isFull = true;
    const cut = withoutHalfCharacter(fitting.slice(0, left));
    if (cut !== "") written.push({ text: cut, kind });
    written.push({ text: "…", kind: "punctuation" });
  };

  const quoted = (text: string): string => {
    const start = startOf(text, left);
    return literal ? `"${start}"` : `"${start.replace(/["\\]/g, "\\$&")}"`;
  };

  return {
    push,
    string: (text) => push("string", quoted(text)),
    key: (text) => push("key", text.length <= left && IDENTIFIER.test(text) ? text : quoted(text)),
    isFull: () => isFull,
    tokens: () => written,
  };
}

/** At least one unit more than fits, if there is more: escapes and quotes can only make it longer. */
function startOf(text: string, left: number): string {
  return text.length <= left + 1 ? text : withoutHalfCharacter(text.slice(0, left + 2));
}

/** A cut in the middle of a surrogate pair would show as a replacement character. */
function withoutHalfCharacter(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, "");
}
