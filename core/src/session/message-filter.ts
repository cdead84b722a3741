import { idText } from "../wire/classic/message.ts";
import { actOf } from "./entry-act.ts";
import { type FilterCondition, parseFilterQuery, TYPE_NUMBERS } from "./filter-query.ts";
import type { ConnectionEntry, LogEntry, MessageEntry, SessionRecord } from "./model.ts";
import { searchText } from "./preview.ts";
import { headOf } from "./record-head.ts";
import type { Session } from "./session.ts";

/** True for the entries that a query asks for. */
export type EntryFilter = (entry: LogEntry) => boolean;

/** How much of a message is searched, in characters of its preview. */
const SEARCHED = 16 * 1024;
/** Texts up to this length are kept for the next query: one is typed letter by letter over the same log. */
const KEPT = 256;

/**
 * A predicate over log entries; `parseFilterQuery` says the syntax. Free text is looked for, without regard to
 * case, in target, type, invocation ID, arguments, result, item or error, and the hub's path.
 */
export function compileFilter(query: string, session: Pick<Session, "connection">): EntryFilter {
  const terms = parseFilterQuery(query);
  if (terms.length === 0) return () => true;
  return (entry) => terms.every(({ negated, condition }) => holds(condition, entry, session) !== negated);
}

function holds(condition: FilterCondition, entry: LogEntry, session: Pick<Session, "connection">): boolean {
  switch (condition.kind) {
    case "text":
      return (
        textsOf(entry, session).some((text) => includes(text, condition.text)) ||
        contentHas(entry, condition.text)
      );
    case "target":
      return entry.kind === "message" && includes(entry.target, condition.text);
    case "type":
      return isOfType(typeOf(entry), condition.text);
    case "id":
      return entry.kind === "message" && idsOf(entry).some((id) => id.toLowerCase() === condition.text);
    case "direction":
      return directionOf(entry) === condition.direction;
    case "error":
      return entry.isError;
    case "act": {
      const act = actOf(entry);
      return act !== undefined && (condition.act === undefined || act === condition.act);
    }
    default:
      return condition satisfies never;
  }
}

function includes(text: string | undefined, searched: string): boolean {
  return text?.toLowerCase().includes(searched) ?? false;
}

function typeOf(entry: LogEntry): string {
  return entry.kind === "message" ? headOf(entry.record).kind : entry.happening.kind;
}

const MESSAGE_TYPES: ReadonlySet<string> = new Set(Object.values(TYPE_NUMBERS));

/** A whole type is meant as such (`invocation` is no `cancel-invocation`); a part of one finds all that have it. */
function isOfType(type: string, searched: string): boolean {
  return MESSAGE_TYPES.has(searched) ? type === searched : type.includes(searched);
}

function directionOf(entry: LogEntry): string | undefined {
  if (entry.kind === "message") return entry.direction;
  return entry.kind === "connection" && entry.happening.kind === "payload"
    ? entry.happening.direction
    : undefined;
}

function idsOf({ record }: MessageEntry): readonly string[] {
  const message = headOf(record);
  switch (message.kind) {
    case "invocation":
    case "stream-invocation":
      return [
        ...(message.invocationId === undefined ? [] : [message.invocationId]),
        ...(message.streamIds ?? []),
      ];
    case "stream-item":
    case "completion":
    case "cancel-invocation":
      return [message.invocationId];
    case "hub-call":
    case "hub-result":
    case "hub-error":
      return [idText(message.id)].filter((id) => id !== undefined);
    default:
      return [];
  }
}

function textsOf(entry: LogEntry, session: Pick<Session, "connection">): readonly (string | undefined)[] {
  if (entry.kind === "source")
    return [typeOf(entry), entry.happening.kind === "navigated" ? entry.happening.url : ""];
  const hubPath = session.connection(entry.connection)?.hubPath;
  if (entry.kind === "message") return [entry.target, typeOf(entry), hubPath, ...idsOf(entry)];
  return [typeOf(entry), hubPath, ...happeningTexts(entry)];
}

function happeningTexts({ happening }: ConnectionEntry): readonly string[] {
  switch (happening.kind) {
    case "negotiate":
      return happening.transports;
    case "negotiate-failed":
      return [happening.reason];
    case "refresh":
      return [String(happening.status)];
    case "refresh-failed":
      return [
        String(happening.status ?? ""),
        happening.error ?? "",
        happening.description ?? "",
        happening.reason ?? "",
      ];
    case "ended":
      return [happening.how, String(happening.status ?? "")];
    case "closed":
      return [String(happening.code), happening.reason];
    case "request":
      return [happening.action, String(happening.status ?? "")];
    case "payload":
      return happening.text === undefined ? [] : [happening.text.slice(0, SEARCHED)];
    default:
      return [];
  }
}

const kept = new WeakMap<SessionRecord, string>();

function contentHas(entry: LogEntry, searched: string): boolean {
  if (entry.kind !== "message") return false;
  const known = kept.get(entry.record);
  if (known !== undefined) return known.includes(searched);
  const text = searchText(entry.record, SEARCHED).toLowerCase();
  if (text.length <= KEPT) kept.set(entry.record, text);
  return text.includes(searched);
}
