import { hexText } from "../../../core/src/bytes/hex-rows.ts";
import type { LogEntry } from "../../../core/src/session/model.ts";
import { redactText } from "../../../core/src/session/redaction.ts";
import type { RawRecord } from "../../../core/src/wire/hub-codec.ts";
import { ACT_WORDS } from "../../texts.ts";
import { jsonText } from "../../value/json-text.ts";
import type { ValueChild } from "../../value/value-children.ts";
import { isRewrittenEntry } from "../log/rewritten.ts";

/** The entry as JSON that can be pasted anywhere, secrets taken out. */
export function entryJson(entry: LogEntry, parts: readonly ValueChild[]): string {
  const anew = isRewrittenEntry(entry) ? { writtenAnew: true } : {};
  const named = Object.fromEntries(parts.map(({ label, value }) => [label, value]));
  if (entry.kind !== "message")
    return redactText(jsonText({ event: entry.happening.kind, ...anew, ...named }));
  const { message } = entry.record;
  const id = "invocationId" in message ? { invocationId: message.invocationId } : {};
  const act = entry.act === undefined ? {} : { act: ACT_WORDS[entry.act] };
  const target = entry.target === undefined ? {} : { target: entry.target };
  return redactText(
    jsonText({ kind: message.kind, ...anew, ...act, ...defined(target), ...defined(id), ...named }),
  );
}

/** Text as it was on the wire, secrets taken out; the bytes in hex where it was binary. */
export function rawText(raw: RawRecord): string {
  return raw.kind === "text" ? redactText(raw.text) : hexText(raw.bytes);
}

function defined(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
