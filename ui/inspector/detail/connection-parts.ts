import type { Connection, ConnectionHappening, SourceEntry } from "../../../core/src/session/model.ts";
import { formatCountOf } from "../../format/format-count.ts";
import { formatDuration } from "../../format/format-duration.ts";
import { formatSize } from "../../format/format-size.ts";
import { closeCodeText } from "../../texts.ts";
import type { ValueChild } from "../../value/value-children.ts";

type Fact = readonly [label: string, value: unknown];

/** What is known of something that happened to a connection. `redactBody` takes the secrets out of a negotiate body. */
export function happeningParts(
  happening: ConnectionHappening,
  connection: Connection | undefined,
  redact: { readonly url: (url: string) => string; readonly body: (body: string) => string },
): readonly ValueChild[] {
  const where: readonly Fact[] = connection === undefined ? [] : [["hub", redact.url(connection.url)]];
  return [...facts(happening, redact.body), ...where]
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([label, value]) => ({ label, key: label, value }));
}

function facts(happening: ConnectionHappening, redactBody: (body: string) => string): readonly Fact[] {
  switch (happening.kind) {
    case "negotiate":
      return [
        ["status", happening.status],
        ["answered after", formatDuration(happening.duration)],
        ["size", formatSize(happening.size)],
        ["body", parsed(redactBody(happening.body))],
      ];
    case "negotiate-failed":
      return [
        ["reason", happening.reason],
        ["status", happening.status],
        ["failed after", formatDuration(happening.duration)],
        ["body", happening.body === undefined ? undefined : parsed(redactBody(happening.body))],
      ];
    case "opened":
      return [["open after", formatDuration(happening.duration)]];
    case "resumed":
      return [["resumed", `${formatCountOf(happening.ordinal, "time")} so far`]];
    case "closed":
      return [
        ["code", happening.code],
        ["meaning", closeCodeText(happening.code)],
        ["reason", happening.reason],
        ["clean", happening.wasClean],
      ];
    case "joined-late":
      return [["recorded", "from here on; what was said before was not seen"]];
    case "payload":
      return [
        ["direction", happening.direction === "out" ? "client to server" : "server to client"],
        ["size", formatSize(happening.size)],
        ["omitted", happening.omitted],
        ["text", happening.text],
        ["bytes", happening.bytes],
      ];
    default:
      return happening satisfies never;
  }
}

export function sourceParts(
  happening: SourceEntry["happening"],
  redactUrl: (url: string) => string,
): readonly ValueChild[] {
  const list: readonly Fact[] =
    happening.kind === "navigated"
      ? [["page", redactUrl(happening.url)]]
      : [
          ["lost", formatCountOf(happening.count, "event")],
          ["size", formatSize(happening.bytes)],
          [
            "because",
            happening.reason === "buffer-full"
              ? "the buffer was full before the panel asked"
              : "they could not be delivered",
          ],
          ["limit", happening.limit],
        ];
  return list
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => ({ label, key: label, value }));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A body that is no JSON, an error page for example, is shown as the text it is.
    return body;
  }
}
