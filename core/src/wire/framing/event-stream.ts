/**
 * `text/event-stream` to the letter: HTML Living Standard, "Parsing an event stream" and "Interpreting an event
 * stream". Incremental, linear in what is passed in, and it never throws.
 *
 * @module
 */

export interface StreamEvent {
  /** "message" where the stream names none. */
  readonly event: string;
  /** The data lines joined by LF. */
  readonly data: string;
  /** The last event ID of the stream when the event was dispatched. */
  readonly id: string;
}

export interface EventStreamParser {
  /** The events that this piece completes. Bytes may be cut within a character; text is taken as it is. */
  push(piece: string | Uint8Array): readonly StreamEvent[];
  /**
   * What has arrived of an event that is not complete. At the end of a stream a browser drops it; a viewer shows it
   * as cut off. Empty where nothing is pending.
   */
  readonly pending: string;
  /** Milliseconds from the last valid `retry:` line. */
  readonly retry: number | undefined;
}

interface State {
  /** Pieces of the line that is still arriving. */
  line: string[];
  /** The last character was CR: an LF that follows belongs to it. */
  afterCr: boolean;
  /** Nothing has been read: a byte order mark may follow. */
  atStart: boolean;
  data: string[];
  event: string;
  id: string;
  retry: number | undefined;
}

export function createEventStreamParser(): EventStreamParser {
  const state: State = {
    line: [],
    afterCr: false,
    atStart: true,
    data: [],
    event: "",
    id: "",
    retry: undefined,
  };
  // The byte order mark is removed below, from text and bytes alike.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    push(piece) {
      const text = typeof piece === "string" ? piece : decoder.decode(piece, { stream: true });
      return readText(state, text);
    },
    get pending() {
      const event = state.event === "" ? [] : [`event: ${state.event}`];
      const line = state.line.join("");
      const lines = [...event, ...state.data.map((data) => `data: ${data}`), ...(line === "" ? [] : [line])];
      return lines.join("\n");
    },
    get retry() {
      return state.retry;
    },
  };
}

const BYTE_ORDER_MARK = "\ufeff";

function readText(state: State, text: string): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  let start = 0;
  if (text === "") return events;
  if (state.atStart) {
    state.atStart = false;
    if (text.startsWith(BYTE_ORDER_MARK)) start = 1;
  }
  if (state.afterCr && start < text.length) {
    state.afterCr = false;
    if (text[start] === "\n") start += 1;
  }
  let cr = text.indexOf("\r", start);
  let lf = text.indexOf("\n", start);
  while (cr >= 0 || lf >= 0) {
    const isCr = cr >= 0 && (lf < 0 || cr < lf);
    const end = isCr ? cr : lf;
    const line = state.line.length === 0 ? text.slice(start, end) : takeLine(state, text.slice(start, end));
    endLine(state, line, events);
    start = end + 1;
    if (isCr) {
      if (start === text.length) state.afterCr = true;
      else if (text[start] === "\n") start += 1;
    }
    if (cr >= 0 && cr < start) cr = text.indexOf("\r", start);
    if (lf >= 0 && lf < start) lf = text.indexOf("\n", start);
  }
  if (start < text.length) state.line.push(text.slice(start));
  return events;
}

function takeLine(state: State, last: string): string {
  const line = [...state.line, last].join("");
  state.line = [];
  return line;
}

function endLine(state: State, line: string, events: StreamEvent[]): void {
  if (line === "") {
    dispatch(state, events);
    return;
  }
  const colon = line.indexOf(":");
  if (colon === 0) return;
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
  readField(state, name, value);
}

function readField(state: State, name: string, value: string): void {
  switch (name) {
    case "data":
      state.data.push(value);
      return;
    case "event":
      state.event = value;
      return;
    case "id":
      if (!value.includes("\0")) state.id = value;
      return;
    case "retry":
      if (/^[0-9]+$/.test(value)) state.retry = Number(value);
      return;
    default:
    // The standard ignores fields that it does not know.
  }
}

function dispatch(state: State, events: StreamEvent[]): void {
  const { data, event, id } = state;
  state.data = [];
  state.event = "";
  if (data.length === 0) return;
  events.push({ event: event === "" ? "message" : event, data: data.join("\n"), id });
}

/**
 * One event as ASP.NET Core writes it: the payload split at LF (a CR before it dropped), each line behind `data: `,
 * CRLF at every end. TransportProtocols.md, "Server-Sent Events".
 */
export function formatStreamEvent(payload: string): string {
  if (payload === "") return "\r\n";
  const lines = payload.split("\n").map((line) => `data: ${line.replace(/\r$/, "")}\r\n`);
  return `${lines.join("")}\r\n`;
}
