import type { EntryNumber, LogEntry, MessageEntry, SessionRecord } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { printBatchLines } from "../../../core/src/wire/blazorpack/batch-summary.ts";
import { type CircuitLog, createCircuitLog } from "../../../core/src/wire/blazorpack/circuit.ts";
import {
  type BatchEntry,
  type InteropCall,
  MAX_BATCH_LINES,
} from "../../../core/src/wire/blazorpack/circuit-model.ts";
import { formatCount, formatCountOf } from "../../format/format-count.ts";
import { safeLine, safeLines } from "../../value/safe-text.ts";

/** What a message of a Blazor page comes to, in words. */
export interface BlazorSight {
  /** One sentence each. */
  readonly sentences: readonly string[];
  /** What a render batch does to the page, as lines that are indented below their components. */
  readonly changes?: string;
}

/** The pages that a session's Blazor connections belong to, followed as far as somebody has looked. */
interface Pages {
  next: EntryNumber;
  last: SessionRecord | undefined;
  readonly logs: Map<string, { readonly log: CircuitLog; count: number }>;
  /** The page of a record, and which of the page's messages it is. */
  places: WeakMap<SessionRecord, { readonly log: CircuitLog; readonly number: number }>;
}

const known = new WeakMap<Session, Pages>();

/** Undefined for what needs no words. Costs what the log has grown since somebody looked last. */
export function blazorSight(session: Session, entry: LogEntry): BlazorSight | undefined {
  if (entry.kind !== "message" || !isBlazor(session, entry)) return undefined;
  const { message } = entry.record;
  if (message.kind !== "invocation") return undefined;
  const target = message.target.toLowerCase();
  if (target !== "js.renderbatch" && target !== "begininvokedotnetfromjs") return undefined;
  const place = follow(session).places.get(entry.record);
  if (place === undefined) return undefined;
  for (const { batches, calls } of place.log.circuits) {
    const batch = batches.find(({ number }) => number === place.number);
    if (batch !== undefined) return sightOfBatch(batch);
    const call = calls.find(({ started }) => started.number === place.number);
    if (call !== undefined) return sightOfEvent(call);
  }
  return undefined;
}

function isBlazor(session: Session, { connection }: MessageEntry): boolean {
  return session.connection(connection)?.protocol?.name === "blazorpack";
}

function follow(session: Session): Pages {
  const pages = stillValid(session, known.get(session)) ?? {
    next: 0,
    last: undefined,
    logs: new Map(),
    places: new WeakMap(),
  };
  known.set(session, pages);
  const end = session.firstNumber + session.log.length;
  for (pages.next = Math.max(pages.next, session.firstNumber); pages.next < end; pages.next++) {
    const entry = session.entry(pages.next);
    if (entry?.kind !== "message" || !isBlazor(session, entry)) continue;
    const page = pageOf(session, entry);
    const known = pages.logs.get(page) ?? { log: createCircuitLog(), count: 0 };
    pages.logs.set(page, known);
    const { record, direction, at } = entry;
    if (!("head" in record)) continue;
    known.log.apply({ direction, message: record.message, at });
    pages.places.set(record, { log: known.log, number: known.count++ });
    pages.last = record;
  }
  return pages;
}

/** Entries that were written anew are to be followed from the start. */
function stillValid(session: Session, pages: Pages | undefined): Pages | undefined {
  if (pages?.last === undefined) return undefined;
  for (let number = pages.next - 1; number >= session.firstNumber; number--) {
    const entry = session.entry(number);
    if (entry?.kind === "message" && pages.places.has(entry.record)) return pages;
    if (entry?.kind === "message" && isBlazor(session, entry)) return undefined;
  }
  return pages.next <= session.firstNumber ? undefined : pages;
}

/** A circuit outlives its connections; a document has one page. */
function pageOf(session: Session, { connection }: MessageEntry): string {
  const { url, origin } = session.connection(connection) ?? {};
  return `${origin?.document ?? ""} ${url ?? connection}`;
}

function sightOfBatch(batch: BatchEntry): BlazorSight {
  const { counts, lines, misfits, issues, isRepeated, isBehindGap } = batch;
  const parts = [
    ...(counts.components === 0
      ? []
      : [
          `updates ${formatCountOf(counts.components, "component")} with ${formatCountOf(counts.edits, "edit")}`,
        ]),
    ...(counts.disposedComponents === 0
      ? []
      : [`disposes ${formatCountOf(counts.disposedComponents, "component")}`]),
    ...(counts.disposedHandlers === 0
      ? []
      : [`drops ${formatCountOf(counts.disposedHandlers, "event handler")}`]),
  ];
  const what = parts.length === 0 ? "changes nothing" : parts.join(", ");
  const error = batch.completed?.error;
  return {
    sentences: [
      `Batch ${String(batch.batchId)} ${what}.`,
      ...(isRepeated ? ["It was sent again after a reconnect: the page had it already."] : []),
      ...(isBehindGap ? ["Batches before it were not recorded, so the page may look otherwise."] : []),
      ...(misfits === 0
        ? []
        : [`${formatCountOf(misfits, "edit")} cannot be placed: the recording began after the page did.`]),
      ...(issues.length === 0 ? [] : [`Its bytes are odd in ${formatCountOf(issues.length, "place")}.`]),
      ...(error === undefined ? [] : [`The page could not apply it: ${safeLine(error)}`]),
      ...(lines.length < MAX_BATCH_LINES
        ? []
        : [`Only the first ${formatCount(MAX_BATCH_LINES)} changes are shown.`]),
    ],
    ...(lines.length === 0 ? {} : { changes: safeLines(printBatchLines(lines)) }),
  };
}

function sightOfEvent({ event }: InteropCall): BlazorSight | undefined {
  if (event === undefined) return undefined;
  const { name, target, handlerId } = event;
  if (target === undefined) {
    return {
      sentences: [`A ${safeLine(name)} for handler ${String(handlerId)}, which no recorded batch has set.`],
    };
  }
  const { element, elementId, componentId } = target;
  const id = elementId === undefined || elementId === "" ? "" : `#${safeLine(elementId)}`;
  return {
    sentences: [`A ${safeLine(name)} on <${safeLine(element)}${id}> of component ${componentId}.`],
  };
}
