/**
 * Messages of iris, as both ends read them: what a Go server drops without a word is an issue.
 *
 * @module
 */
import { decodeUtf8, utf8Length } from "../../bytes/utf8.ts";
import type { DecodeIssue } from "../decode-issue.ts";
import type { DecodedMessage, RawRecord } from "../hub-codec.ts";
import type { UndecodableMessage, WireValue } from "../hub-message.ts";
import { readJson } from "../json/read-text.ts";
import { MAX_DETAIL_LENGTH, MAX_IRIS_MESSAGE } from "../limits.ts";
import type { Direction } from "../payload.ts";
import { IRIS_PREFIXES, irisPrefixOf } from "./detect.ts";
import { IRIS_TYPES, type IrisEvent, type IrisMessage, type IrisType } from "./message.ts";

/** A record decoded. */
export type DecodedIris = DecodedMessage<IrisMessage | UndecodableMessage>;

/** What is known beside the record itself. */
export interface IrisDecodeOptions {
  /** Undefined: not known, so what only one end does is not said. */
  readonly direction?: Direction | undefined;
  /** As the server is set up. Default: the known ones, or what looks like one. */
  readonly prefix?: string | undefined;
}

interface Reading {
  readonly direction: Direction | undefined;
  readonly issues: DecodeIssue[];
}

/** One WebSocket message; text and binary ones are read alike, as servers do. Never throws. */
export function decodeIrisRecord(record: RawRecord, options: IrisDecodeOptions = {}): DecodedIris {
  const { direction } = options;
  const issues: DecodeIssue[] = [];
  const reading: Reading = { direction, issues };
  const { text, isValid } =
    record.kind === "text" ? { text: record.text, isValid: true } : decodeUtf8(record.bytes);
  const size = record.kind === "text" ? utf8Length(text) : record.bytes.length;
  if (direction === "out" && size > MAX_IRIS_MESSAGE) {
    issues.push({ code: "over-size-limit", detail: `${size} bytes of ${MAX_IRIS_MESSAGE}` });
  }
  const prefix = options.prefix ?? IRIS_PREFIXES.find((known) => text.includes(known)) ?? irisPrefixOf(text);
  const start = prefix === undefined ? -1 : text.indexOf(prefix);
  if (prefix === undefined || start < 0) {
    if (!isValid) issues.push({ code: "invalid-utf8" });
    return { message: { kind: "iris-native", text }, issues };
  }
  if (start > 0) {
    // The JavaScript client looks for the prefix anywhere, the server at the beginning only.
    issues.push({ code: "read-differently", field: "prefix", at: start });
    if (direction !== "in") return { message: { kind: "iris-native", text }, issues };
  }
  const message = eventOf(text, prefix, start + prefix.length, reading);
  if (isValid || message.kind !== "iris-event") return { message, issues };
  if (message.type !== "bytes" || record.kind !== "binary") {
    issues.push({ code: "invalid-utf8" });
    return { message, issues };
  }
  const head = text.slice(0, text.length - message.payload.length);
  return { message: { ...message, value: record.bytes.subarray(utf8Length(head)) }, issues };
}

function eventOf(
  text: string,
  prefix: string,
  start: number,
  reading: Reading,
): IrisEvent | UndecodableMessage {
  const { direction, issues } = reading;
  const separator = text.indexOf(";", start);
  if (separator < 0) {
    // The server's goroutine panics over it, and the connection is lost without a close frame.
    issues.push({ code: direction === "in" ? "read-differently" : "missing-field", field: "type" });
    return { kind: "undecodable" };
  }
  const event = text.slice(start, separator);
  if (event === "") issues.push({ code: "read-differently", field: "event", detail: "empty" });
  const character = text[separator + 1] ?? "";
  const type = /^[0-4]$/.test(character) ? IRIS_TYPES[Number(character)] : undefined;
  if (type === undefined) {
    drop(reading, "type", character);
    return { kind: "iris-event", prefix, event, payload: text.slice(separator + 1) };
  }
  // The server skips this character unseen.
  const skipped = text[separator + 2];
  if (skipped !== ";" && skipped !== undefined) {
    issues.push({ code: "read-differently", field: "type", detail: character + skipped });
  }
  const payload = text.slice(separator + 3);
  const value = typedValue(type, payload, reading);
  return {
    kind: "iris-event",
    prefix,
    event,
    type,
    payload,
    ...(value === undefined ? undefined : { value }),
  };
}

/** What the server never hands on, and nobody is told. The other way it is only odd. */
function drop({ direction, issues }: Reading, field: string, content: string): void {
  const detail = JSON.stringify(content.slice(0, MAX_DETAIL_LENGTH));
  issues.push({ code: direction === "in" ? "unusual-field" : "dropped-by-server", field, detail });
}

function typedValue(type: IrisType, payload: string, reading: Reading): WireValue {
  // Version 8 to 10 delivered it; from 11 on an empty payload is nothing.
  if (payload === "" && reading.direction !== "in") drop(reading, "payload", payload);
  switch (type) {
    case "string":
    case "bytes":
      return payload;
    case "int":
      return integerOf(payload, reading);
    case "bool":
      if (payload !== "true" && payload !== "false" && payload !== "") {
        reading.issues.push({ code: "read-differently", field: "payload", detail: "not true, so false" });
      }
      return payload === "true";
    case "json":
      return jsonOf(payload, reading);
  }
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Go's Atoi. Servers of version 11 send every int as nothing: binary.Write refuses the type. */
function integerOf(payload: string, reading: Reading): WireValue {
  if (payload === "") {
    if (reading.direction === "in") drop(reading, "payload", payload);
    return null;
  }
  const [, sign, digits = ""] = /^([+-]?)0*(\d{1,19})$/.exec(payload) ?? [];
  const integer = digits === "" ? undefined : BigInt(digits) * (sign === "-" ? -1n : 1n);
  if (integer === undefined || integer < INT64_MIN || integer > INT64_MAX) {
    drop(reading, "payload", payload);
    return undefined;
  }
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

function jsonOf(payload: string, reading: Reading): WireValue {
  if (payload === "") return undefined;
  const issues: DecodeIssue[] = [];
  const value = readJson(payload, issues);
  const isWhole = value !== undefined && !issues.some(({ code }) => code === "trailing-data");
  if (!isWhole || (value === null && reading.direction !== "in")) drop(reading, "payload", payload);
  reading.issues.push(...issues.filter(({ code }) => code === "duplicate-key"));
  return isWhole ? value : undefined;
}
