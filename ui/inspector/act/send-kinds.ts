/** "send": through the page's connection to the server. "simulate": to the page, as if the server had sent it. */
export type SendMode = "send" | "simulate";

/** What to send. "send" is an invocation that wants no answer. */
export type SendKind = "invocation" | "send" | "stream" | "item" | "completion" | "cancel" | "ping" | "close";

/** What the form asks for. */
export type SendField = "target" | "arguments" | "invocation" | "item" | "outcome" | "close" | "headers";

export interface KindChoice {
  readonly kind: SendKind;
  readonly label: string;
  /** What it does, in a sentence. */
  readonly says: string;
}

const PING = "Says that the sender is still there.";

/** In the order of use. */
export const KIND_CHOICES: Readonly<Record<SendMode, readonly KindChoice[]>> = {
  send: [
    { kind: "invocation", label: "Invoke", says: "Calls the hub and waits for the answer." },
    { kind: "send", label: "Send", says: "Calls the hub without an answer." },
    {
      kind: "stream",
      label: "Stream",
      says: "Calls the hub and receives items until the stream ends or is cancelled.",
    },
    { kind: "cancel", label: "Cancel", says: "Tells the server that a stream is no longer wanted." },
    { kind: "item", label: "Stream item", says: "Adds an item to an upload that is open." },
    { kind: "completion", label: "Completion", says: "Answers a call of the server, or ends an upload." },
    { kind: "ping", label: "Ping", says: PING },
    { kind: "close", label: "Close", says: "Tells the server that the client ends the connection." },
  ],
  simulate: [
    { kind: "send", label: "Call", says: "Calls a method of the page without an answer." },
    {
      kind: "invocation",
      label: "Call for a result",
      says: "Calls a method of the page that returns a result. The server did not ask for it.",
    },
    { kind: "item", label: "Stream item", says: "An item of a stream that the page has open." },
    {
      kind: "completion",
      label: "Completion",
      says: "Ends a call or a stream of the page. What the server answers later finds nobody.",
    },
    { kind: "ping", label: "Ping", says: PING },
    { kind: "close", label: "Close", says: "Tells the page that the server ends the connection." },
  ],
};

const CLASSIC_KINDS: Readonly<Record<SendMode, readonly SendKind[]>> = {
  send: ["invocation", "send"],
  simulate: ["send", "completion"],
};

/** Those that the protocol of the connection has. */
export function choicesOf(mode: SendMode, isClassic: boolean): readonly KindChoice[] {
  const all = KIND_CHOICES[mode];
  return isClassic ? all.filter(({ kind }) => CLASSIC_KINDS[mode].includes(kind)) : all;
}

const FIELDS: Readonly<Record<SendKind, readonly SendField[]>> = {
  invocation: ["target", "arguments", "headers"],
  send: ["target", "arguments", "headers"],
  stream: ["target", "arguments", "headers"],
  item: ["invocation", "item", "headers"],
  completion: ["invocation", "outcome", "headers"],
  cancel: ["invocation", "headers"],
  ping: [],
  close: ["close"],
};

export function fieldsOf(kind: SendKind): ReadonlySet<SendField> {
  return new Set(FIELDS[kind]);
}

/** The kind where this mode has it, or else its first. */
export function kindIn(mode: SendMode, kind: SendKind, isClassic: boolean): SendKind {
  const choices = choicesOf(mode, isClassic);
  return choices.some((choice) => choice.kind === kind) ? kind : (choices[0]?.kind ?? kind);
}
