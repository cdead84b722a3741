/**
 * The tokens of the arguments editor: JSON, and what people write when they mean JSON (comments, single quotes,
 * keys without quotes, a comma too many), `stream(…)`, and `bytes(…)` and its like for what JSON has no word for.
 *
 * @module
 */
export type TokenKind = "string" | "number" | "word" | "name" | "punctuation" | "comment" | "space" | "bad";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** UTF-16 offset in the text. */
  readonly at: number;
}

const RULES: readonly (readonly [TokenKind, RegExp])[] = [
  ["space", /\s+/y],
  ["comment", /\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  ["string", /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'/y],
  ["number", /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y],
  ["word", /(?:true|false|null|NaN|-?Infinity)(?![\w$])/y],
  ["name", /[\p{L}_$][\p{L}\p{N}_$]*/uy],
  ["punctuation", /[[\]{}(),:]/y],
  // Up to where the next token may begin, so that one slip makes one fault.
  ["bad", /["'][^\n]*|[^\s,:[\]{}()]+|[\s\S]/y],
];

/** The tokens cover the text without a gap. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = at;
    const found = rule.exec(text)?.[0];
    if (found) return { kind, text: found, at };
  }
  return { kind: "bad", text: text.slice(at, at + 1), at };
}

/** A token that names a property: highlighted unlike a value. */
export function isKey(tokens: readonly Token[], index: number): boolean {
  const kind = tokens[index]?.kind;
  if (kind !== "string" && kind !== "name") return false;
  const next = tokens.slice(index + 1).find((token) => token.kind !== "space" && token.kind !== "comment");
  return next?.text === ":";
}
