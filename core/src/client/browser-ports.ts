/**
 * The platform: the only file of the core that names its globals. Works in a page, a worker and Node. Node before
 * version 22 has no WebSocket: give `ports.openSocket` there.
 *
 * @module
 */
import { HubscopeError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { HttpAnswer, ProbeHttp, SendHttp } from "../ports/http.ts";
import type { OpenSocket } from "../ports/socket.ts";
import type { DiagnosisPorts } from "./diagnose.ts";
import type { HubClientPorts } from "./hub-client.ts";

/** The longest delay that timers take; more would fire at once. */
const MAX_DELAY = 0x7fff_ffff;

/** A hostile server must not fill the memory with an answer that never ends. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const clock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(milliseconds, callback, signal) {
    if (signal.aborted) return;
    const cancel = () => clearTimeout(timer);
    const timer = setTimeout(
      () => {
        signal.removeEventListener("abort", cancel);
        callback();
      },
      Math.min(milliseconds, MAX_DELAY),
    );
    signal.addEventListener("abort", cancel, { once: true });
  },
};

const openSocket: OpenSocket = (url, listener) => {
  if (typeof WebSocket === "undefined") {
    const text = "This platform has no WebSocket (Node has one from version 22); give ports.openSocket.";
    throw new HubscopeError("transport-failed", text);
  }
  const socket = new WebSocket(url.href);
  socket.binaryType = "arraybuffer";
  let failed = false;
  socket.onopen = () => listener({ type: "open", protocol: socket.protocol });
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    listener({ type: "payload", payload: typeof data === "string" ? data : new Uint8Array(data) });
  };
  socket.onerror = () => {
    failed = true;
  };
  socket.onclose = ({ code, reason, wasClean }) => {
    listener({ type: "closed", code, reason, wasClean, ...(failed ? { failure: "" } : {}) });
  };
  return {
    send(payload) {
      // WebSocket.send drops data without a word while closing.
      if (socket.readyState !== WebSocket.OPEN) throw new Error("The WebSocket is not open.");
      socket.send(payload);
    },
    close: (code, reason) => socket.close(code, reason),
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
  };
};

const sendHttp: SendHttp = async (url, { method, headers, body, withCredentials, signal }) => {
  const response = await fetch(url, {
    method,
    mode: "cors",
    cache: "no-store",
    credentials: withCredentials ? "include" : "same-origin",
    signal,
    ...(headers === undefined ? {} : { headers: { ...headers } }),
    ...(body === undefined ? {} : { body }),
  });
  const answer: HttpAnswer = {
    status: response.status,
    contentType: response.headers.get("content-type")?.toLowerCase() ?? "",
    text: await readText(response),
  };
  return response.redirected ? { ...answer, redirectedTo: response.url } : answer;
};

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > MAX_ANSWER_BYTES) {
      await reader.cancel();
      throw new Error(`The answer is longer than ${MAX_ANSWER_BYTES} bytes.`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

const probeHttp: ProbeHttp = async (url, signal) => {
  const response = await fetch(url, { mode: "no-cors", cache: "no-store", credentials: "omit", signal });
  await response.body?.cancel();
};

/** The platform's own clock, WebSocket and fetch: what a client uses that is given no others. */
export const browserPorts: HubClientPorts = { clock, openSocket, sendHttp };

/** What {@link diagnose} needs of the platform. In Node there is no page, and so no CORS. */
export const browserDiagnosisPorts: DiagnosisPorts = {
  clock,
  sendHttp,
  probeHttp,
  ...(typeof location === "undefined" ? {} : { pageUrl: location.href }),
};
