import type { CaptureEvent, SocketId } from "../../core/src/capture-event.ts";

/**
 * Conversations as text drawings. A drawing is a list of lines; each is an optional time, an optional socket and
 * what happens:
 *
 *     0ms negotiate /chat token abc stateful     POST negotiate and its answer; "stateful" grants stateful reconnect
 *     2ms a: open /chat?id=abc                   a socket named a opens
 *     3ms -> handshake json 1                    to the server, over the socket that was named last
 *     4ms <- handshake                           from the server; "handshake error "no"" refuses
 *     5ms -> invoke 1 Add(1, 2)                  "send Say("x")" has no id; "stream 2 Count(3)" streams
 *     6ms -> invoke 3 Sum() uploads 4 5          stream ids
 *     7ms <- item 2 {"x":1}
 *     8ms <- complete 1 result 3                 or "void", or "error "boom""
 *     9ms -> cancel 2
 *     9ms <- ping                                "close", "close error "x"", "close reconnect", "ack 1", "sequence 1"
 *     9ms <- raw {"type":99}                     any text record
 *     9ms closed 1006                            without a close frame; other codes are clean
 *
 * A time left out is the one of the line before. Values are JSON.
 *
 * @module
 */
export function conversation(drawing: string): readonly CaptureEvent[] {
  const pen: Pen = { at: 0, socket: "a", exchanges: 0 };
  return drawing
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .flatMap((line) => drawLine(line, pen));
}

interface Pen {
  at: number;
  socket: SocketId;
  exchanges: number;
}

const HOST = "host.test";

function drawLine(line: string, pen: Pen): readonly CaptureEvent[] {
  const match = /^(?:(\d+(?:\.\d+)?)ms\s+)?(?:(\w+):\s+)?(.*)$/.exec(line);
  const [, time, socket, what = ""] = match ?? [];
  if (time !== undefined) pen.at = Number(time);
  if (socket !== undefined) pen.socket = socket;
  const { at } = pen;
  const here = { at, socket: pen.socket };
  const [verb = "", rest = ""] = halves(what);
  switch (verb) {
    case "->":
    case "<-": {
      const direction = verb === "->" ? "out" : "in";
      const payload = { kind: "text", text: `${record(rest, line)}\u001e` } as const;
      return [{ type: "socket-payload", ...here, direction, payload }];
    }
    case "negotiate":
      return negotiate(rest, pen, line);
    case "open":
      return [
        { type: "socket-opening", ...here, url: `ws://${HOST}${rest}` },
        { type: "socket-opened", ...here, protocol: "" },
      ];
    case "closed": {
      const code = Number(rest);
      if (!Number.isInteger(code) || rest === "") throw unreadable(line);
      return [{ type: "socket-closed", ...here, code, reason: "", wasClean: code !== 1006 }];
    }
    default:
      throw unreadable(line);
  }
}

function negotiate(rest: string, pen: Pen, line: string): readonly CaptureEvent[] {
  const match = /^(\S+) token (\S+)( stateful)?$/.exec(rest);
  if (match === null) throw unreadable(line);
  const [, path = "", token = "", stateful] = match;
  const exchange = `negotiate-${++pen.exchanges}`;
  const { at } = pen;
  const text = JSON.stringify({
    negotiateVersion: 1,
    connectionId: `id-of-${token}`,
    connectionToken: token,
    availableTransports: [{ transport: "WebSockets", transferFormats: ["Text", "Binary"] }],
    ...(stateful !== undefined && { useStatefulReconnect: true }),
  });
  const url = `http://${HOST}${path}/negotiate?negotiateVersion=1`;
  return [
    { type: "http-request", at, exchange, method: "POST", url },
    { type: "http-response", at, exchange, status: 200 },
    { type: "http-response-body", at, exchange, payload: { kind: "text", text } },
    { type: "http-ended", at, exchange },
  ];
}

/** One record without its separator, as the official client writes it. */
function record(what: string, line: string): string {
  const [verb = "", rest = ""] = halves(what);
  const [id = "", tail = ""] = halves(rest);
  switch (verb) {
    case "handshake":
      return handshake(rest, line);
    case "send":
      return JSON.stringify({ ...call(rest, line), type: 1 });
    case "invoke":
      return JSON.stringify({ ...call(tail, line), invocationId: id, type: 1 });
    case "stream":
      return JSON.stringify({ ...call(tail, line), invocationId: id, type: 4 });
    case "item":
      return JSON.stringify({ type: 2, invocationId: id, item: json(tail, line) });
    case "complete":
      return JSON.stringify({ type: 3, invocationId: id, ...outcome(tail, line) });
    case "cancel":
      return JSON.stringify({ type: 5, invocationId: id });
    case "ping":
      return JSON.stringify({ type: 6 });
    case "close":
      if (rest === "reconnect") return JSON.stringify({ type: 7, allowReconnect: true });
      return JSON.stringify({ type: 7, ...(rest !== "" && outcome(rest, line)) });
    case "ack":
      return JSON.stringify({ type: 8, sequenceId: json(rest, line) });
    case "sequence":
      return JSON.stringify({ type: 9, sequenceId: json(rest, line) });
    case "raw":
      return rest;
    default:
      throw unreadable(line);
  }
}

function handshake(rest: string, line: string): string {
  if (rest === "") return "{}";
  const [protocol = "", tail = ""] = halves(rest);
  if (protocol === "error") return JSON.stringify({ error: json(tail, line) });
  return JSON.stringify({ protocol, version: json(tail, line) });
}

function call(text: string, line: string): object {
  const match = /^([\w.]+)\((.*)\)(?: uploads ([\w ]+))?$/.exec(text);
  if (match === null) throw unreadable(line);
  const [, target, list, uploads] = match;
  return { target, arguments: json(`[${list}]`, line), ...(uploads && { streamIds: uploads.split(" ") }) };
}

function outcome(text: string, line: string): object {
  if (text === "void") return {};
  const [kind = "", value = ""] = halves(text);
  if (kind === "result") return { result: json(value, line) };
  if (kind === "error") return { error: json(value, line) };
  throw unreadable(line);
}

function json(text: string, line: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`"${line}": ${text} is no JSON`, { cause });
  }
}

function halves(text: string): readonly [string, string] {
  const space = text.indexOf(" ");
  return space < 0 ? [text, ""] : [text.slice(0, space), text.slice(space + 1).trim()];
}

function unreadable(line: string): Error {
  return new Error(`A drawing has no line such as "${line}"`);
}
