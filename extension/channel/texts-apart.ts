/**
 * Texts cross from the page's world to the relay's by themselves. What is in an object is cloned on the way; a text alone is
 * the same text in both worlds, whatever its length (measured in Chromium: 2 µs for 1 MB, which takes 7 ms in an object).
 *
 * @module
 */
import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { isFields } from "./guards.ts";
import type { ObservedEvent } from "./messages.ts";
import { closeList, openList } from "./open-list.ts";
import { MARKS, type PayloadRun } from "./payload-run.ts";

export interface Apart {
  readonly events: readonly unknown[];
  /** In the order of the events that they are of. */
  readonly texts: readonly string[];
}

const { hasOwn } = Object;

/** In the place of a payload whose text comes by itself. */
const APART = "apart";
/** A shorter text costs less in its event. */
const WORTH_IT = 1_000;

/** The hook's side. */
export function takeTexts(observed: readonly (ObservedEvent | PayloadRun)[]): Apart {
  const events = openList<unknown>();
  const texts = openList<string>();
  for (let at = 0; at < observed.length; at++) {
    const one = observed[at];
    if (one === undefined) continue;
    const text = isObserved(one) ? wholeText(one.event) : joinedText(one);
    if (text !== undefined) texts[texts.length] = text;
    events[events.length] = text === undefined ? one : without(one);
  }
  return { events: closeList(events), texts: closeList(texts) };
}

/** By its own: the page may have put an `event` on every object. */
function isObserved(one: ObservedEvent | PayloadRun): one is ObservedEvent {
  return hasOwn(one, "event");
}

/** Of one payload it may be a piece of a text of the page's, all of which would stay in memory: joined texts are new. */
function joinedText({ text, marks }: PayloadRun): string | undefined {
  return marks.length > MARKS ? text : undefined;
}

/** What has come in, the platform has made: it is a piece of nothing. */
function wholeText(event: CaptureEvent): string | undefined {
  if (event.type !== "socket-payload" || event.direction !== "in" || event.payload.kind !== "text")
    return undefined;
  return event.payload.text.length < WORTH_IT ? undefined : event.payload.text;
}

function without(one: ObservedEvent | PayloadRun): unknown {
  return isObserved(one)
    ? { event: { ...one.event, payload: { kind: APART } }, pinned: one.pinned }
    : { ...one, text: undefined };
}

/** The relay's side: puts the texts back. Changes `events`, which are its own, and unchecked. */
export function putTexts(events: readonly unknown[], texts: readonly unknown[]): void {
  let next = 0;
  for (let at = 0; at < events.length; at++) {
    const one = events[at];
    if (!isFields(one)) continue;
    if (one["type"] === "socket-payloads") {
      if (one["text"] === undefined) put(one, "text", texts[next++]);
      continue;
    }
    const event = one["event"];
    const payload = isFields(event) ? event["payload"] : undefined;
    if (isFields(payload) && payload["kind"] === APART && isFields(event))
      put(event, "payload", { kind: "text", text: texts[next++] });
  }
}

function put(fields: object, name: string, value: unknown): void {
  (fields as Record<string, unknown>)[name] = value;
}

let lastUnit = 0;

/**
 * Joins what a text was put together from, and lets go of the parts. Engines do that when somebody asks for a unit of it; a unit
 * that nobody had asked for they would not look at, so it is kept.
 */
export function flatten(text: string): number {
  lastUnit = (lastUnit + text.charCodeAt(0)) & 0xffff;
  return lastUnit;
}
