import type { HubProtocolName } from "../../core/src/wire/hub-codec.ts";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import { numberValue } from "./number-value.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { type ArgumentsContext, type Written, wordValue, writtenValue } from "./written-values.ts";

export type ParsedArguments =
  | {
      readonly kind: "parsed";
      readonly arguments: readonly WireValue[];
      /** Items of each `stream(…)`, in order. */
      readonly uploads: readonly (readonly WireValue[])[];
    }
  | ArgumentsFault;

export interface ArgumentsFault {
  readonly kind: "faulty";
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** UTF-16 offset in the text, for the caret. */
  readonly at: number;
}

const MAX_DEPTH = 200;

/**
 * Reads the items of a JSON array without its brackets. Integers keep every digit. A comma at the end, comments,
 * single quotes and keys without quotes are taken; `stream(1, 2)` among the arguments is an upload stream. What JSON
 * has no word for is written as `writtenValue` says. `secrets`: what `secret(1)` and so on stand for.
 */
export function parseArguments(
  text: string,
  protocol: HubProtocolName,
  secrets: readonly string[] = [],
): ParsedArguments {
  const reader = createReader(text, { protocol, secrets });
  try {
    const parsed: WireValue[] = [];
    const uploads: WireValue[][] = [];
    while (!reader.atEnd()) {
      if (reader.takes("stream", "name")) uploads.push(reader.streamItems());
      else parsed.push(reader.value(0));
      if (reader.atEnd()) break;
      reader.expect(",", "A comma goes between two arguments.");
    }
    return { kind: "parsed", arguments: parsed, uploads };
  } catch (error) {
    if (error instanceof Fault) return located(text, error);
    throw error;
  }
}

/** Exactly one value; undefined for a text that is empty but for space. */
export function parseReply(
  text: string,
  protocol: HubProtocolName,
  secrets: readonly string[] = [],
): { readonly kind: "parsed"; readonly value: WireValue | undefined } | ArgumentsFault {
  const parsed = parseArguments(text, protocol, secrets);
  if (parsed.kind === "faulty") return parsed;
  const [value, ...more] = parsed.arguments;
  if (more.length === 0 && parsed.uploads.length === 0) return { kind: "parsed", value };
  return { kind: "faulty", message: "A reply is one value.", line: 1, column: 1, at: 0 };
}

/** Leaves the grammar at the first fault; caught in parseArguments. */
class Fault extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

function located(text: string, { message, at }: Fault): ArgumentsFault {
  const before = text.slice(0, at).split("\n");
  return { kind: "faulty", message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, at };
}

function createReader(text: string, context: ArgumentsContext) {
  const tokens = tokensOf(text).filter(({ kind }) => kind !== "space" && kind !== "comment");
  let next = 0;

  const here = () => tokens[next]?.at ?? text.trimEnd().length;
  const atEnd = () => next >= tokens.length;
  const peek = (): Token | undefined => tokens[next];

  const takes = (expected: string, kind: Token["kind"] = "punctuation"): boolean => {
    const token = peek();
    if (token?.kind !== kind || token.text !== expected) return false;
    next += 1;
    return true;
  };

  const expect = (expected: string, message: string) => {
    if (!takes(expected)) throw new Fault(message, here());
  };

  const value = (depth: number): WireValue => {
    const token = peek();
    if (token === undefined) throw new Fault("A value is missing.", here());
    if (depth > MAX_DEPTH) throw new Fault(`Nested deeper than ${MAX_DEPTH} levels.`, token.at);
    next += 1;
    if (token.kind === "string") return stringValue(token);
    if (token.kind === "number") return numberOf(token);
    if (token.kind === "word") return taken(wordValue(token.text, context), token);
    if (token.text === "[" && token.kind === "punctuation") return list("]", depth);
    if (token.text === "{" && token.kind === "punctuation") return object(token, depth);
    if (token.kind === "name" && token.text !== "stream" && takes("("))
      return taken(writtenValue(token.text, list(")", depth), context), token);
    throw notAValue(token);
  };

  const taken = (written: Written, token: Token): WireValue => {
    if ("fault" in written) throw new Fault(written.fault, token.at);
    return written.value;
  };

  const numberOf = (token: Token): WireValue => {
    const number = numberValue(token.text, context.protocol);
    if (number !== undefined) return number;
    throw new Fault(`MessagePack has no number as large as ${token.text}.`, token.at);
  };

  const list = (end: "]" | ")", depth: number): WireValue[] => {
    const items: WireValue[] = [];
    while (!takes(end)) {
      items.push(value(depth + 1));
      if (takes(end)) break;
      expect(",", `A comma or "${end}" is missing.`);
    }
    return items;
  };

  const object = (opening: Token, depth: number): WireValue => {
    const properties = new Map<string, WireValue>();
    while (!takes("}")) {
      if (atEnd()) throw new Fault('This "{" is never closed.', opening.at);
      const at = here();
      const key = propertyName();
      if (properties.has(key)) throw new Fault(`The property "${key}" is there twice.`, at);
      expect(":", `A colon goes after the property "${key}".`);
      properties.set(key, value(depth + 1));
      if (takes("}")) break;
      expect(",", 'A comma or "}" is missing.');
    }
    // fromEntries defines properties, so that "__proto__" is a property like any other.
    return Object.fromEntries(properties);
  };

  const propertyName = (): string => {
    const token = peek();
    next += 1;
    if (token?.kind === "string") return stringValue(token);
    if (token?.kind === "name" || token?.kind === "word") return token.text;
    throw new Fault("The name of a property goes here.", token?.at ?? text.length);
  };

  const streamItems = (): WireValue[] => {
    expect("(", 'An upload is written "stream(1, 2, 3)".');
    return list(")", 0);
  };

  return { atEnd, takes, expect, value, streamItems };
}

function notAValue(token: Token): Fault {
  if (token.kind === "bad" && /^["']/.test(token.text))
    return new Fault("This text is never closed.", token.at);
  if (token.kind === "bad" && /^[-+.\d]/.test(token.text)) {
    return new Fault(`${token.text} is not a JSON number.`, token.at);
  }
  if (token.text === "stream") return new Fault("An upload stream is an argument of its own.", token.at);
  if (token.kind === "name") return new Fault(`${token.text} is not a value. Texts go in quotes.`, token.at);
  if (token.text === ",") return new Fault("A value is missing before this comma.", token.at);
  return new Fault(`A value goes here, not ${token.text}`, token.at);
}

function stringValue(token: Token): string {
  const inner = token.text.slice(1, -1);
  const quoted = token.text.startsWith("'") ? inner.replace(/\\[\s\S]|"/g, doubleQuoted) : inner;
  try {
    // Control characters such as a tab are what the user sees; JSON wants them escaped.
    return JSON.parse(`"${quoted.replaceAll("\t", "\\t")}"`);
  } catch {
    // The engine's words speak of an offset in a text that the user has not written.
    throw new Fault("This text has an escape that JSON does not know.", token.at);
  }
}

/** An escape or a quote inside single quotes, as it is written inside double ones. */
function doubleQuoted(piece: string): string {
  if (piece === "\\'") return "'";
  return piece === '"' ? '\\"' : piece;
}
