import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createHubClient } from "../../../core/src/client/create-hub-client.ts";
import type { HubClient, HubClientOptions, HubClientState } from "../../../core/src/client/hub-client.ts";
import { codecFor } from "../../../core/src/wire/codecs.ts";
import { createConnectionDecoder } from "../../../core/src/wire/connection-decoder.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { createFakeClock, type FakeClock, settle } from "../../support/fake-clock.ts";
import { createFakeHttp, type FakeAnswer, type FakeHttp, type FakeRequest } from "../../support/fake-http.ts";
import { createFakeSockets, type FakeSocket, type FakeSockets } from "../../support/fake-socket.ts";

export const HUB_URL = "http://host.test/hub";

export const ACCEPTED = {
  negotiateVersion: 1,
  connectionId: "public",
  connectionToken: "secret",
  availableTransports: [
    { transport: "ServerSentEvents", transferFormats: ["Text"] },
    { transport: "WebSockets", transferFormats: ["Text", "Binary"] },
  ],
};

export interface ClientUnderTest {
  readonly client: HubClient;
  readonly clock: FakeClock;
  readonly sockets: FakeSockets;
  readonly http: FakeHttp;
  readonly states: readonly HubClientState["kind"][];
  readonly events: readonly CaptureEvent[];
  readonly faults: readonly unknown[];
  /** Plays the server up to the handshake response. */
  connect(): Promise<FakeSocket>;
  /** The server sends these in one payload. */
  serve(...messages: readonly HubMessage[]): Promise<void>;
  /** What the client has sent on its newest socket since the last call, pings left out. */
  sent(): readonly HubMessage[];
}

export interface TestOptions extends Partial<Omit<HubClientOptions, "ports" | "report" | "onFault">> {
  readonly negotiate?: (request: FakeRequest) => FakeAnswer;
  readonly answerClose?: boolean;
}

export function clientUnderTest({ negotiate, answerClose, ...options }: TestOptions = {}): ClientUnderTest {
  const clock = createFakeClock();
  const sockets = createFakeSockets(answerClose === undefined ? {} : { answerClose });
  const http = createFakeHttp(negotiate ?? (() => ({ text: JSON.stringify(ACCEPTED) })));
  const events: CaptureEvent[] = [];
  const states: HubClientState["kind"][] = [];
  const faults: unknown[] = [];
  const protocol = options.protocol ?? "json";
  const client = createHubClient({
    url: HUB_URL,
    protocol,
    ...options,
    ports: { clock, openSocket: sockets.openSocket, sendHttp: http.sendHttp },
    report: (event) => events.push(event),
    onFault: (error) => faults.push(error),
  });
  client.onState((state) => states.push(state.kind));
  let seen = 0;

  return {
    client,
    clock,
    sockets,
    http,
    states,
    events,
    faults,
    async connect() {
      const started = client.start();
      // Also where a test expects start() to fail later on.
      started.catch(() => undefined);
      await settle();
      sockets.last.open();
      await settle();
      sockets.last.deliver("{}\u001e");
      await started;
      seen = 0;
      return sockets.last;
    },
    async serve(...messages) {
      for (const message of messages) sockets.last.deliver(codecFor(protocol).encode(message));
      await settle();
    },
    sent() {
      const decoder = createConnectionDecoder({ protocol });
      const all = sockets.last.sent.flatMap((payload) =>
        decoder
          .decode(
            "out",
            typeof payload === "string"
              ? { kind: "text", text: payload }
              : { kind: "binary", bytes: payload },
          )
          .map((record) => record.message),
      );
      const talk = all.filter((message) => message.kind !== "ping" && message.kind !== "handshake-request");
      const news = talk.slice(seen);
      seen = talk.length;
      return news;
    },
  };
}

/** What a promise rejects with; fails the test where it does not reject. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("The promise did not reject.");
}
