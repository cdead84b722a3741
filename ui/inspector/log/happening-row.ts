import { actOf } from "../../../core/src/session/entry-act.ts";
import type { ConnectionEntry, ConnectionHappening, SourceEntry } from "../../../core/src/session/model.ts";
import { redactText, redactUrl } from "../../../core/src/session/redaction.ts";
import { formatBytes } from "../../format/format-bytes.ts";
import { formatCountOf } from "../../format/format-count.ts";
import { formatDuration } from "../../format/format-duration.ts";
import { formatSize } from "../../format/format-size.ts";
import {
  closeCodeText,
  HTTP_ENDING_WORDS,
  negotiateFailureText,
  OMITTED_WORDS,
  refreshFailureText,
  TEXTS,
  TRANSPORT_WORDS,
  tokenLifetimeText,
} from "../../texts.ts";
import { safeLine } from "../../value/safe-text.ts";
import type { EntryRow, RowTone } from "./entry-row.ts";
import { isRewrittenEntry } from "./rewritten.ts";

/** A connection event as a row of the log. */
export function happeningRow(entry: ConnectionEntry): EntryRow {
  const { happening, isError } = entry;
  const act = actOf(entry);
  return {
    data: [],
    ...rowOf(happening),
    tone: isError ? "error" : toneOf(happening),
    ...(act === undefined ? {} : { act }),
    ...(isRewrittenEntry(entry) ? { isSizeAbout: true } : {}),
  };
}

function toneOf(happening: ConnectionHappening): RowTone {
  const isOdd =
    happening.kind === "payload" ||
    happening.kind === "joined-late" ||
    (happening.kind === "closed" && happening.code !== 1000);
  return isOdd ? "warning" : "none";
}

function rowOf(
  happening: ConnectionHappening,
): Pick<EntryRow, "type" | "note" | "size" | "time" | "direction"> {
  switch (happening.kind) {
    case "negotiate":
      return {
        type: "negotiate",
        note: negotiateNote(happening),
        size: happening.size,
        time: formatDuration(happening.duration),
      };
    case "negotiate-failed":
      return {
        type: "negotiate",
        // What the browser says of an attempt that Hubscope made fail is not why it failed.
        note:
          happening.act === undefined
            ? `failed, ${negotiateFailureText(happening.status, redactText(happening.reason))}`
            : "failed",
        time: formatDuration(happening.duration),
      };
    case "refresh":
      return {
        type: "refresh",
        // Short, because the end of a line may be cut.
        note: `${happening.status} · ${lifetimeNote(happening)[0] ?? "authentication renewed"}`,
        size: happening.size,
        time: formatDuration(happening.duration),
      };
    case "refresh-failed":
      return {
        type: "refresh",
        note: `failed, ${refreshFailureText(happening)}`,
        size: happening.size,
        time: formatDuration(happening.duration),
      };
    case "opened":
      return {
        type: "open",
        note: "socket" in happening.carrier ? "the socket is open" : "the server answers",
        time: formatDuration(happening.duration),
      };
    case "resumed":
      return { type: "resume", note: `socket ${happening.ordinal + 1} took over (stateful reconnect)` };
    case "reconnected":
      return { type: "reconnect", note: "the client came back with its token" };
    case "request":
      return {
        type: happening.action,
        note: requestNote(happening),
        time: formatDuration(happening.duration),
      };
    case "closed":
      return { type: "close", note: closedNote(happening) };
    case "ended":
      return {
        type: "end",
        note: [
          ...(happening.status === undefined ? [] : [happening.status]),
          happening.act === undefined
            ? HTTP_ENDING_WORDS[happening.how]
            : happening.how === "poll-broken"
              ? "a poll broke"
              : "the event stream broke",
        ].join(" · "),
      };
    case "left":
      if (happening.isUnrecorded === true) {
        return {
          type: "recording ended",
          note: "the connection is open still; what has been said since is not recorded",
        };
      }
      return happening.isOutOfSight === true
        ? {
            type: "out of sight",
            note: "the page was left, and the network log shows this no longer; a service worker's connection goes on without its page",
          }
        : { type: "page left", note: "the page or frame went away while the connection was open" };
    case "joined-late":
      return {
        type: "joined late",
        note: "the connection was open before recording began; what was said before is not known",
      };
    case "payload":
      return {
        type: "payload",
        direction: happening.direction,
        note: payloadNote(happening),
        size: happening.size,
      };
    default:
      return happening satisfies never;
  }
}

type Of<K extends ConnectionHappening["kind"]> = Extract<ConnectionHappening, { kind: K }>;

function requestNote({ status, body }: Of<"request">): string {
  if (status === undefined) return "no answer";
  const said = body === undefined ? "" : ` · ${safeLine(redactText(body.slice(0, 200)))}`;
  return `${status}${said}`;
}

function negotiateNote({
  status,
  version,
  resolvedVersion,
  transports,
  statefulReconnect,
  tokenLifetimeSeconds,
}: Of<"negotiate">): string {
  const offered = transports.map((name) => TRANSPORT_WORDS[name] ?? safeLine(name)).join(", ");
  return [
    `${status}`,
    ...(offered === "" ? [] : [`${offered} offered`]),
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(resolvedVersion === undefined ? [] : [`classic SignalR, protocol ${safeLine(resolvedVersion)}`]),
    ...(statefulReconnect ? ["stateful reconnect"] : []),
    ...lifetimeNote({ tokenLifetimeSeconds }),
  ].join(" · ");
}

function lifetimeNote(said: { readonly tokenLifetimeSeconds?: number | undefined }): readonly string[] {
  const { tokenLifetimeSeconds } = said;
  return tokenLifetimeSeconds === undefined ? [] : [tokenLifetimeText(tokenLifetimeSeconds)];
}

function closedNote({ code, reason, wasClean, act, isUnopened }: Of<"closed">): string {
  const said = reason === "" ? "" : ` · “${safeLine(redactText(reason))}”`;
  if (isUnopened === true && act !== undefined) return "the socket could not be opened";
  if (isUnopened === true) return `${code === 0 ? "" : `${code}, `}${TEXTS.socketUnopened}`;
  if (code === 0) return closeCodeText(code);
  if (code === 1006 && act !== undefined) return `${code}, no close frame`;
  return `${code}, ${closeCodeText(code)}${said}${wasClean || code === 1006 ? "" : " · not clean"}`;
}

function payloadNote({ text, bytes, omitted, size }: Of<"payload">): string {
  if (omitted !== undefined) {
    // Of what was not read nobody knows the size.
    const what = size === 0 ? "content" : formatSize(size);
    return `${what} not shown: ${OMITTED_WORDS[omitted] ?? safeLine(omitted)}`;
  }
  if (text !== undefined) return `not of this hub protocol: ${safeLine(redactText(text.slice(0, 200)))}`;
  return bytes === undefined ? "no content" : `not of this hub protocol: ${formatBytes(bytes)}`;
}

/** What happened to the recording itself. */
export function sourceRow({ happening, isError }: SourceEntry): EntryRow {
  if (happening.kind === "navigated") {
    return { tone: "none", type: "navigated", note: safeLine(redactUrl(happening.url)), data: [] };
  }
  const { count, bytes, reason, limit } = happening;
  const why =
    reason === "buffer-full"
      ? `the buffer was full${limit === undefined ? "" : ` (limit ${limit})`}`
      : "they could not be delivered";
  return {
    tone: isError ? "error" : "warning",
    type: "dropped",
    note: `${formatCountOf(count, "event")} lost here (${formatSize(bytes)}): ${why}`,
    data: [],
  };
}
