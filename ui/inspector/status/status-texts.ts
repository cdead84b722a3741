import type { SourceEntry } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { totals } from "../../../core/src/session/totals.ts";
import { formatCountOf } from "../../format/format-count.ts";
import { formatSize } from "../../format/format-size.ts";
import { formatTime } from "../../format/format-time.ts";

/** Left end of the status line: counts, bytes, errors, and what was forgotten to keep within the limits. */
export function statusTexts(session: Session, isNarrow: boolean): readonly string[] {
  const { connections, messages, bytes, errors } = totals(session);
  const first = session.log[0];
  const { entries } = session.forgotten;
  return [
    ...(isNarrow ? [] : [formatCountOf(connections, "connection")]),
    formatCountOf(messages, "message"),
    formatSize(bytes),
    ...(errors === 0 ? [] : [formatCountOf(errors, "error")]),
    ...(entries === 0 || first === undefined
      ? []
      : [
          `Messages before ${formatTime(first.at)} were not kept (${formatCountOf(entries, "entry", "entries")})`,
        ]),
    ...overflowText(session),
  ];
}

/** What a page said before anybody looked is at the start of the log, after the little that is kept at all costs. */
const LOOKED_AT = 200;

function overflowText({ log }: Session): readonly string[] {
  for (let at = 0; at < Math.min(log.length, LOOKED_AT); at++) {
    const entry = log[at];
    if (entry?.kind !== "source" || !isOverflow(entry)) continue;
    const { limit } = entry.happening;
    const because = limit === undefined ? "" : ` (limit ${limit})`;
    return [
      `Messages before ${formatTime(entry.at)} were not kept${because}. Reload to record from the start.`,
    ];
  }
  return [];
}

function isOverflow(
  entry: SourceEntry,
): entry is SourceEntry & { readonly happening: { readonly kind: "dropped" } } {
  const { happening } = entry;
  return happening.kind === "dropped" && happening.reason === "buffer-full";
}
