/**
 * Looks into what classic SignalR says, as `peek-records.ts` into what ASP.NET Core SignalR does: tells its calls, and
 * divides what a server says at once.
 *
 * @module
 */
import {
  append,
  type Fields,
  numberText,
  skipJson,
  skipSpace,
  textIn,
  topFields,
  topPlaces,
  valueIn,
} from "./peek-json.ts";
import type { PeekedRecord } from "./peek-records.ts";

const NO_TARGETS: readonly string[] = [];

/** One payload is one envelope. `{"H","M","A","I"}` to the server; `{"C","M":[{"H","M","A"}]}` from it. */
export function peekEnvelope(text: string): readonly PeekedRecord[] | undefined {
  const fields = topFields(text, 0, text.length, ["H", "M", "I", "R", "E"]);
  if (fields === undefined) return undefined;
  const invocationId = textIn(fields["I"]) ?? numberText(fields["I"]);
  const targets = fields["H"] === undefined ? calledIn(fields["M"]) : callOf(fields);
  const isResult = targets.length === 0 && invocationId !== undefined;
  const isEmpty = text[skipSpace(text, skipSpace(text, 0) + 1)] === "}";
  const type = isEmpty ? 6 : isResult ? 3 : targets.length > 0 ? 1 : undefined;
  return [{ start: 0, end: text.length, type, targets, invocationId }];
}

function callOf(fields: Fields): readonly string[] {
  const called = calledBy(fields);
  return called === undefined ? NO_TARGETS : [called];
}

function calledBy(fields: Fields): string | undefined {
  const hub = textIn(fields["H"]);
  const method = textIn(fields["M"]);
  return hub === undefined || method === undefined ? undefined : `${hub}.${method}`;
}

/** The calls of a list of messages: those that are objects with a hub and a method. */
function calledIn(list: string | undefined): readonly string[] {
  if (list === undefined || list[0] !== "[") return NO_TARGETS;
  const targets: string[] = [];
  const items = itemsIn(list, 0, list.length);
  for (let at = 0; at < items.length; at++) {
    const called = items[at]?.targets[0];
    if (called !== undefined) append(targets, called);
  }
  return targets;
}

/** What a server says at once: any number of messages, and what goes with them (cursor, groups, whether to begin). */
export interface PeekedEnvelope {
  /** Behind the bracket that opens the list of messages. */
  readonly start: number;
  /** The bracket that closes it. */
  readonly end: number;
  /** Of type 1 a call, of type 2 the progress of the invocation that it names, of no type anything else. */
  readonly items: readonly PeekedRecord[];
}

/** Letters of 1.0 and later; nobody else's objects have these and no others. */
const LETTERS: readonly string[] = ["C", "S", "D", "T", "G", "L", "M"];
const { isArray } = Array;

/**
 * Undefined for what is no envelope of a server's, whole and beyond doubt: each part of it, and what is left without it,
 * must be one again. Never throws.
 */
export function peekEnvelopeItems(text: string): PeekedEnvelope | undefined {
  try {
    const places = topPlaces(text, 0, text.length, LETTERS, true);
    const list = places?.["M"];
    if (places?.["C"] === undefined || list === undefined || text[list.start] !== "[") return undefined;
    const { M: values } = valueIn(text) as { readonly M: unknown };
    const items = itemsIn(text, list.start, list.end);
    if (!isArray(values) || values.length !== items.length) return undefined;
    return { start: list.start + 1, end: list.end - 1, items };
  } catch {
    return undefined;
  }
}

/** Of a list that begins here. */
function itemsIn(text: string, from: number, to: number): readonly PeekedRecord[] {
  const items: PeekedRecord[] = [];
  for (let start = skipSpace(text, from + 1); start < to && text[start] !== "]"; ) {
    const end = skipJson(text, start);
    append(items, itemRecord(text, start, end));
    start = skipSpace(text, end);
    if (text[start] === ",") start = skipSpace(text, start + 1);
  }
  return items;
}

function itemRecord(text: string, start: number, end: number): PeekedRecord {
  const fields = topFields(text, start, end, ["H", "M", "P"]);
  const progress = fields?.["P"];
  if (progress !== undefined) {
    const told = topFields(progress, 0, progress.length, ["I"])?.["I"];
    return { start, end, type: 2, targets: NO_TARGETS, invocationId: textIn(told) ?? numberText(told) };
  }
  const called = fields === undefined ? undefined : calledBy(fields);
  if (called === undefined)
    return { start, end, type: undefined, targets: NO_TARGETS, invocationId: undefined };
  return { start, end, type: 1, targets: [called], invocationId: undefined };
}
