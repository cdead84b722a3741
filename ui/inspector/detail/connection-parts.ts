import type { Connection, ConnectionHappening, SourceEntry } from "../../../core/src/session/model.ts";
import { redactText, redactUrl } from "../../../core/src/session/redaction.ts";
import { formatCountOf } from "../../format/format-count.ts";
import { formatDuration } from "../../format/format-duration.ts";
import { formatSize } from "../../format/format-size.ts";
import {
  closeCodeText,
  HTTP_ENDING_WORDS,
  negotiateFailureText,
  OMITTED_WORDS,
  refreshFailureText,
  SEEN_BY_NETWORK_LOG,
  TEXTS,
} from "../../texts.ts";
import { PlainText } from "../../value/plain-text.ts";
import type { ValueChild } from "../../value/value-children.ts";

type Fact = readonly [label: string, value: unknown];

/** What is known of something that happened to a connection. Secrets are taken out. */
export function happeningParts(
  happening: ConnectionHappening,
  connection: Connection | undefined,
  isRewritten = false,
): readonly ValueChild[] {
  const where: readonly Fact[] =
    connection === undefined
      ? []
      : [
          ["hub", words(redactUrl(connection.url))],
          ["seen in", connection.origin?.seenBy === undefined ? undefined : words(SEEN_BY_NETWORK_LOG)],
        ];
  return [...facts(happening), ...where]
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([label, value]) => ({
      label: isRewritten && label === "size" ? "size, about" : label,
      key: label,
      value,
    }));
}

function facts(happening: ConnectionHappening): readonly Fact[] {
  switch (happening.kind) {
    case "negotiate":
      return [
        ["status", happening.status],
        ["protocol version", happening.resolvedVersion],
        ["answered after", words(formatDuration(happening.duration))],
        ["token good for", lifetime(happening.tokenLifetimeSeconds)],
        ["size", words(formatSize(happening.size))],
        ["body", parsed(redactText(happening.body))],
      ];
    case "negotiate-failed":
      return [
        ["because", words(negotiateFailureText(happening.status, redactText(happening.reason)))],
        ["failed after", words(formatDuration(happening.duration))],
        ["body", happening.body === undefined ? undefined : parsed(redactText(happening.body))],
      ];
    case "refresh":
      return [
        ["status", happening.status],
        ["answered after", words(formatDuration(happening.duration))],
        ["token good for", lifetime(happening.tokenLifetimeSeconds) ?? words("the server does not say")],
        ["size", words(formatSize(happening.size))],
        ["body", happening.body === undefined ? undefined : parsed(redactText(happening.body))],
      ];
    case "refresh-failed":
      return [
        ["because", words(refreshFailureText(happening))],
        ["code", happening.error === undefined ? undefined : redactText(happening.error)],
        [
          "the server says",
          happening.description === undefined ? undefined : redactText(happening.description),
        ],
        ["failed after", words(formatDuration(happening.duration))],
        ["then", words("the connection goes on with the token that it has")],
        ["body", happening.body === undefined ? undefined : parsed(redactText(happening.body))],
      ];
    case "opened":
      return [["open after", words(formatDuration(happening.duration))]];
    case "resumed":
      return [["resumed", words(`${formatCountOf(happening.ordinal, "time")} so far`)]];
    case "reconnected":
      return [["reconnected", words(`${formatCountOf(happening.ordinal, "time")} so far`)]];
    case "request":
      return [
        ["status", happening.status],
        ["answered after", words(formatDuration(happening.duration))],
        ["body", happening.body === undefined ? undefined : parsed(redactText(happening.body))],
      ];
    case "closed":
      return [
        ["code", happening.code === 0 ? undefined : happening.code],
        [
          happening.code === 0 ? "why" : "meaning",
          words(happening.isUnopened === true ? TEXTS.socketUnopened : closeCodeText(happening.code)),
        ],
        ["reason", happening.code === 0 ? undefined : redactText(happening.reason)],
        ["clean", happening.code === 0 ? undefined : happening.wasClean],
      ];
    case "ended":
      return [
        ["because", words(HTTP_ENDING_WORDS[happening.how])],
        ["status", happening.status],
      ];
    case "left":
      return [
        [
          "because",
          words(
            happening.isUnrecorded === true
              ? "recording of this page was switched off, or access to its site taken back; nobody closed the connection"
              : happening.isOutOfSight === true
                ? "the browser empties its network log when the page is left; nobody closed the connection. Preserve log in devtools' Network panel keeps it in sight"
                : "the page was left or the frame removed; nobody closed the connection",
          ),
        ],
      ];
    case "joined-late":
      return [["recorded", words("from here on; what was said before was not seen")]];
    case "payload":
      return [
        ["direction", words(happening.direction === "out" ? "client to server" : "server to client")],
        [
          "size",
          words(
            happening.size === 0 && happening.omitted !== undefined
              ? "not known"
              : formatSize(happening.size),
          ),
        ],
        [
          "omitted",
          happening.omitted === undefined
            ? undefined
            : words(OMITTED_WORDS[happening.omitted] ?? happening.omitted),
        ],
        ["text", happening.text === undefined ? undefined : redactText(happening.text)],
        ["bytes", happening.bytes],
      ];
    default:
      return happening satisfies never;
  }
}

export function sourceParts(happening: SourceEntry["happening"]): readonly ValueChild[] {
  const list: readonly Fact[] =
    happening.kind === "navigated"
      ? [["page", words(redactUrl(happening.url))]]
      : [
          ["lost", words(formatCountOf(happening.count, "event"))],
          ["size", words(formatSize(happening.bytes))],
          [
            "because",
            words(happening.reason === "buffer-full" ? "the buffer was full" : "they could not be delivered"),
          ],
          ["limit", happening.limit === undefined ? undefined : words(happening.limit)],
        ];
  return list
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => ({ label, key: label, value }));
}

function lifetime(seconds: number | undefined): PlainText | undefined {
  return seconds === undefined ? undefined : words(formatDuration(seconds * 1000));
}

const words = (text: string): PlainText => new PlainText(text);

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A body that is no JSON, an error page for example, is shown as the text it is.
    return body;
  }
}
