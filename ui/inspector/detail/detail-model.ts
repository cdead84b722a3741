import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { encodeUtf8 } from "../../../core/src/bytes/utf8.ts";
import type { PayloadAct, TransportAct } from "../../../core/src/capture-event.ts";
import type { CircuitStep } from "../../../core/src/session/circuit.ts";
import { actOf } from "../../../core/src/session/entry-act.ts";
import type { LogEntry, MessageEntry } from "../../../core/src/session/model.ts";
import { redactText } from "../../../core/src/session/redaction.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { outlineRecord, type RecordOutline } from "../../../core/src/wire/outline-record.ts";
import { issueSentence, KIND_WORDS, UNDELIVERED_WORDS } from "../../texts.ts";
import type { ValueChild } from "../../value/value-children.ts";
import { createValueTreeModel, type ValueTreeModel } from "../../value/value-tree-model.ts";
import { entryRow } from "../log/entry-row.ts";
import { isRewrittenEntry } from "../log/rewritten.ts";
import { type BlazorSight, blazorSight } from "./blazor-page.ts";
import { happeningParts, sourceParts } from "./connection-parts.ts";
import { createHexMarks, type HexMarks } from "./hex-marks-model.ts";
import { createHexModel, type HexModel } from "./hex-model.ts";
import { emptyMessageSentence, messageParts } from "./message-parts.ts";
import { createRawTextModel, type RawTextModel } from "./raw-view-model.ts";
import { createRelatedModel, type RelatedModel } from "./related-model.ts";
import { createValuePlaces, type ValuePlaces } from "./value-places.ts";
import { wireTypes } from "./wire-types.ts";

export type DetailTabId = "value" | "raw" | "hex" | "related";

export interface DetailTab {
  readonly id: DetailTabId;
  readonly label: string;
}

/** One entry, laid open. Each tab's model is made when it is first looked at. */
export interface EntryDetail {
  readonly entry: LogEntry;
  readonly title: string;
  readonly subtitle: string;
  /** What Hubscope did with it. */
  readonly act: PayloadAct | TransportAct | undefined;
  readonly issues: readonly string[];
  /** Its text was written anew: there are no bytes to be shown. */
  readonly isRewritten: boolean;
  /** What it means for a Blazor page, and what it does to it. */
  readonly circuit: CircuitStep | undefined;
  readonly blazor: () => BlazorSight | undefined;
  readonly isRedacted: boolean;
  readonly parts: readonly ValueChild[];
  /** In place of a tree where there are no parts. */
  readonly emptySentence: string;
  readonly tree: ValueTreeModel;
  /** Absent where the entry is binary or has no content of its own. */
  readonly rawText: (() => RawTextModel) | undefined;
  readonly hex: (() => HexModel) | undefined;
  /** Ties the bytes to the values of the tree; absent where they cannot be told. */
  readonly hexMarks: () => HexMarks | undefined;
  readonly related: RelatedModel | undefined;
}

export interface DetailModel {
  readonly detail: ReadonlySignal<EntryDetail | undefined>;
  readonly tabs: ReadonlySignal<readonly DetailTab[]>;
  readonly tab: ReadonlySignal<DetailTabId>;
  choose(tab: DetailTabId): void;
}

export function createDetailModel(
  session: Session,
  entry: ReadonlySignal<LogEntry | undefined>,
  revision: ReadonlySignal<number>,
): DetailModel {
  const chosen = signal<DetailTabId>("value");
  const detail = computed(() =>
    entry.value === undefined ? undefined : openEntry(session, entry.value, revision),
  );
  const tabs = computed<readonly DetailTab[]>(() => (detail.value === undefined ? [] : tabsOf(detail.value)));
  return {
    detail,
    tabs,
    tab: computed(() => (tabs.value.some(({ id }) => id === chosen.value) ? chosen.value : "value")),
    choose: (tab) => {
      chosen.value = tab;
    },
  };
}

function tabsOf({ rawText, hex, related, entry, isRewritten }: EntryDetail): DetailTab[] {
  return [
    { id: "value", label: "Value" },
    ...(rawText !== undefined || entry.kind === "message"
      ? [{ id: "raw", label: isRewritten ? "Text" : "Raw" } as const]
      : []),
    ...(hex === undefined ? [] : [{ id: "hex", label: "Hex" } as const]),
    ...(related === undefined || related.count.value < 2
      ? []
      : [{ id: "related", label: `Related ${related.count.value}` } as const]),
  ];
}

function openEntry(session: Session, entry: LogEntry, revision: ReadonlySignal<number>): EntryDetail {
  const content = contentOf(entry);
  const parts = partsOf(session, entry);
  const text = content.text;
  const shownText = text === undefined ? undefined : redactText(text);
  const { bytes } = content;
  const isRewritten = isRewrittenEntry(entry);
  const places = once(() => (entry.kind === "message" ? placesOf(session, entry, parts) : undefined));
  // Text shows its types by itself.
  const tree = createValueTreeModel(parts, () =>
    text === undefined ? wireTypes(places()?.places.roots ?? []) : [],
  );
  return {
    entry,
    ...titleOf(entry),
    act: actOf(entry),
    issues: entry.kind === "message" ? oddities(entry) : [],
    isRewritten,
    circuit: entry.kind === "message" ? entry.circuit : undefined,
    blazor: once(() => blazorSight(session, entry)),
    isRedacted: shownText !== text,
    parts,
    emptySentence: entry.kind === "message" ? emptyMessageSentence(entry.record.message) : "",
    tree,
    rawText: shownText === undefined ? undefined : once(() => createRawTextModel(shownText)),
    hex: isRewritten
      ? undefined
      : shownText !== undefined
        ? once(() => createHexModel(encodeUtf8(shownText)))
        : bytes !== undefined
          ? once(() => createHexModel(bytes))
          : undefined,
    hexMarks: once(() =>
      // Where a secret is left out, the bytes that are shown are not those of the record.
      entry.kind === "message" && shownText === text ? hexMarksOf(entry, places(), tree) : undefined,
    ),
    related: entry.kind === "message" ? createRelatedModel(session, entry, revision) : undefined,
  };
}

interface RecordPlaces {
  readonly unit: RecordOutline["unit"];
  readonly places: ValuePlaces;
}

function placesOf(
  session: Session,
  { record, connection }: MessageEntry,
  parts: readonly ValueChild[],
): RecordPlaces | undefined {
  const name = session.connection(connection)?.protocol?.name;
  if (name !== "json" && name !== "messagepack" && name !== "blazorpack") return undefined;
  const { raw, message } = record;
  // Handshakes are JSON in every protocol.
  const outline = outlineRecord(raw.kind === "text" ? "json" : name, raw);
  if (outline === undefined) return undefined;
  return { unit: outline.unit, places: createValuePlaces(message, parts, outline) };
}

function hexMarksOf(
  { record: { raw } }: MessageEntry,
  known: RecordPlaces | undefined,
  tree: ValueTreeModel,
): HexMarks | undefined {
  return known && createHexMarks({ tree, ...known, text: raw.kind === "text" ? raw.text : "" });
}

function contentOf(entry: LogEntry): {
  readonly text?: string | undefined;
  readonly bytes?: Uint8Array | undefined;
} {
  if (entry.kind === "message") return entry.record.raw;
  if (entry.kind === "source") return {};
  const { happening } = entry;
  if (happening.kind === "payload") return happening;
  switch (happening.kind) {
    case "negotiate":
    case "negotiate-failed":
    case "refresh":
    case "refresh-failed":
      return { text: happening.body };
    default:
      return {};
  }
}

function partsOf(session: Session, entry: LogEntry): readonly ValueChild[] {
  switch (entry.kind) {
    case "message":
      return messageParts(
        entry.record.message,
        session.connection(entry.connection)?.protocol?.name === "blazorpack",
      );
    case "connection":
      return happeningParts(entry.happening, session.connection(entry.connection), entry.isRewritten);
    case "source":
      return sourceParts(entry.happening);
    default:
      return entry satisfies never;
  }
}

function titleOf(entry: LogEntry): Pick<EntryDetail, "title" | "subtitle"> {
  const row = entryRow(entry);
  if (entry.kind !== "message") return { title: row.type, subtitle: "" };
  const word = KIND_WORDS[entry.record.message.kind];
  const kind = row.id === undefined ? word : `${word} ${row.id}`;
  const subtitle = [row.target === undefined ? "" : kind, outcomeOf(entry)]
    .filter((part) => part !== "")
    .join(" · ");
  return { title: row.target ?? kind, subtitle };
}

function outcomeOf({ record: { message }, isError }: MessageEntry): string {
  if (message.kind === "completion") return message.outcome.kind;
  return isError ? "error" : "";
}

function once<T>(create: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: create() };
    return made.value;
  };
}

function oddities({ record, undelivered }: MessageEntry): readonly string[] {
  const lost = undelivered === undefined ? [] : [UNDELIVERED_WORDS[undelivered]];
  return [...lost, ...record.issues.map(issueSentence)];
}
