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
  ];
}
