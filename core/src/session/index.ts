/** Capture events to connections, messages and invocations, and what views ask of them. */
export type * from "../capture-event.ts";
export type * from "./circuit.ts";
export { createSession } from "./create-session.ts";
export { compileFilter, type EntryFilter } from "./message-filter.ts";
export type * from "./model.ts";
export { preview } from "./preview.ts";
export type { PreviewKind, PreviewToken } from "./preview-writer.ts";
export { REDACTED, redactText, redactUrl } from "./redaction.ts";
export { type RelatedEntries, relatedEntries } from "./related-entries.ts";
export type { Forgotten, Session, SessionLimits, SessionOptions } from "./session.ts";
export { type Totals, totals } from "./totals.ts";
