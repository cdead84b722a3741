/**
 * Ports that report as capture events all that goes through them, so that no part of the client can see or do
 * anything unreported.
 *
 * @module
 */
import type { CaptureEvent } from "../capture-event.ts";
import type { Clock } from "../ports/clock.ts";
import type { SendHttp } from "../ports/http.ts";
import type { OpenSocket, SocketEvent } from "../ports/socket.ts";
import type { Payload } from "../wire/payload.ts";
import type { HubClientPorts } from "./hub-client.ts";
import { errorText } from "./isolate.ts";

export type Report = (event: CaptureEvent) => void;

let clients = 0;

/** Ids start with a prefix of their own for every call, so that many clients can report into one session. */
export function reportingPorts(ports: HubClientPorts, report: Report): HubClientPorts {
  clients += 1;
  const prefix = `client${clients}`;
  return {
    clock: ports.clock,
    sendHttp: reportingHttp(ports.sendHttp, ports.clock, report, `${prefix}-http`),
    openSocket: reportingSocket(ports.openSocket, ports.clock, report, `${prefix}-socket`),
  };
}

function reportingHttp(sendHttp: SendHttp, clock: Clock, report: Report, prefix: string): SendHttp {
  let exchanges = 0;
  return async (url, options) => {
    exchanges += 1;
    const exchange = `${prefix}${exchanges}`;
    report({
      type: "http-request",
      at: clock.now(),
      exchange,
      method: options.method,
      url: url.href,
      ...(options.headers === undefined ? {} : { headers: options.headers }),
      ...(options.body === undefined ? {} : { body: copy(options.body) }),
    });
    try {
      const answer = await sendHttp(url, options);
      const { status, contentType, text } = answer;
      const headers = contentType === "" ? {} : { headers: { "content-type": contentType } };
      report({ type: "http-response", at: clock.now(), exchange, status, ...headers });
      report({ type: "http-response-body", at: clock.now(), exchange, payload: { kind: "text", text } });
      report({ type: "http-ended", at: clock.now(), exchange });
      return answer;
    } catch (error) {
      report({ type: "http-ended", at: clock.now(), exchange, error: errorText(error) });
      throw error;
    }
  };
}

function reportingSocket(openSocket: OpenSocket, clock: Clock, report: Report, prefix: string): OpenSocket {
  let sockets = 0;
  return (url, listener) => {
    sockets += 1;
    const socket = `${prefix}${sockets}`;
    report({ type: "socket-opening", at: clock.now(), socket, url: url.href });
    let opened = false;
    const reported = openReported(() =>
      openSocket(url, (event) => {
        if (event.type === "open") opened = true;
        reportSocketEvent(event, opened);
        listener(event);
      }),
    );
    return {
      send(payload) {
        reported.send(payload);
        report({ type: "socket-payload", at: clock.now(), socket, direction: "out", payload: copy(payload) });
      },
      close: (code, reason) => reported.close(code, reason),
      get bufferedAmount() {
        return reported.bufferedAmount ?? 0;
      },
    };

    function openReported<T>(open: () => T): T {
      try {
        return open();
      } catch (error) {
        reportSocketEvent({ type: "closed", code: 1006, reason: "", wasClean: false, failure: "" }, false);
        throw error;
      }
    }

    function reportSocketEvent(event: SocketEvent, wasOpen: boolean): void {
      const at = clock.now();
      switch (event.type) {
        case "open":
          report({ type: "socket-opened", at, socket, protocol: event.protocol });
          return;
        case "payload":
          report({
            type: "socket-payload",
            at,
            socket,
            direction: "in",
            payload: copy(event.payload),
          });
          return;
        case "closed": {
          const { code, reason, wasClean } = event;
          if (event.failure !== undefined || !wasOpen) report({ type: "socket-failed", at, socket });
          report({ type: "socket-closed", at, socket, code, reason, wasClean });
          return;
        }
        default:
          event satisfies never;
          return;
      }
    }
  };
}

function copy(payload: string | Uint8Array): Payload {
  return typeof payload === "string"
    ? { kind: "text", text: payload }
    : { kind: "binary", bytes: payload.slice() };
}
