import type * as signalR from "@microsoft/signalr";
import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { createSession } from "../../core/src/session/create-session.ts";
import type { Session } from "../../core/src/session/session.ts";
import type { Payload } from "../../core/src/wire/payload.ts";
import type { PageAct, PageFault } from "../../extension/channel/acts.ts";
import { type AspNetCoreServer, startAspNetCoreServer } from "./aspnetcore-server.ts";
import { type HookedChromium, type HookedPage, openHookedChromium } from "./hooked-chromium.ts";
import { until } from "./until.ts";

/** What the page keeps for its test. */
export interface ActedPage {
  readonly connection: signalR.HubConnection;
  readonly heard: string[];
  readonly complaints: string[];
  /** Invocation IDs of all completions that the page's client was given. */
  readonly completed: string[];
}

export type ActedProtocol = "json" | "messagepack";
type Client = typeof signalR & {
  readonly protocols: {
    readonly msgpack: { readonly MessagePackHubProtocol: new () => signalR.IHubProtocol };
  };
};

export const fault = (
  kind: "drop" | "delay" | "reorder",
  direction: "in" | "out",
  more: object = {},
): PageFault => ({
  id: `${kind}-${direction}`,
  kind,
  direction,
  share: 1,
  delay: 1_000,
  ...more,
});

/** Bytes come from the page as lists of numbers. */
function inBytes(event: CaptureEvent): CaptureEvent {
  const bytesOf = (payload: Payload): Payload =>
    payload.kind === "binary"
      ? { kind: "binary", bytes: Uint8Array.from(Object.values(payload.bytes)) }
      : payload;
  if (event.type === "http-response-body") return { ...event, payload: bytesOf(event.payload) };
  return event.type === "http-request" && event.body !== undefined
    ? { ...event, body: bytesOf(event.body) }
    : event;
}

/**
 * The official client in a hooked page, on a real server over HTTP, and all that a test does to it. One page at a time:
 * `open` begins the next.
 */
export function createActedClient() {
  let chromium: HookedChromium;
  let server: AspNetCoreServer;
  let hooked: HookedPage;

  async function open(transport: number, protocol: ActedProtocol = "json"): Promise<void> {
    hooked = await chromium.open();
    await hooked.page.goto(`${server.url}/blank.html`);
    for (const script of ["signalr", "signalr-protocol-msgpack"])
      await hooked.page.addScriptTag({ url: `/vendor/${script}.js` });
    await hooked.page.evaluate(
      async ([kind, name]) => {
        const client = (globalThis as unknown as { signalR: Client }).signalR;
        const page: ActedPage = { connection: undefined as never, heard: [], complaints: [], completed: [] };
        const protocolOf =
          name === "json"
            ? new client.JsonHubProtocol()
            : new client.protocols.msgpack.MessagePackHubProtocol();
        const parse = protocolOf.parseMessages.bind(protocolOf);
        protocolOf.parseMessages = (input, logger) => {
          const messages = parse(input, logger);
          for (const message of messages)
            if (message.type === 3) page.completed.push((message as signalR.CompletionMessage).invocationId);
          return messages;
        };
        const connection = new client.HubConnectionBuilder()
          .withUrl("/hubs/calls", kind)
          .withHubProtocol(protocolOf)
          .withAutomaticReconnect([0, 100, 200, 500])
          .configureLogging({
            log: (level, text) => {
              if (level >= client.LogLevel.Warning) page.complaints.push(text);
            },
          })
          .build();
        connection.on("Said", (_from: string, text: string) => {
          page.heard.push(text);
        });
        connection.onreconnecting((error) =>
          page.heard.push(`reconnecting: ${error?.name} ${error?.message}`),
        );
        connection.onreconnected(() => page.heard.push("reconnected"));
        connection.onclose((error) => page.heard.push(`closed: ${error?.message}`));
        await connection.start();
        Object.assign(globalThis, page, { connection });
      },
      [transport, protocol] as const,
    );
  }

  const heard = () => hooked.page.evaluate(() => (globalThis as unknown as ActedPage).heard);
  const complaints = () => hooked.page.evaluate(() => (globalThis as unknown as ActedPage).complaints);
  const completed = () => hooked.page.evaluate(() => (globalThis as unknown as ActedPage).completed);
  const invoke = (target: string, ...args: readonly unknown[]) =>
    hooked.page.evaluate(
      ([name, values]) => (globalThis as unknown as ActedPage).connection.invoke(name, ...values),
      [target, args] as const,
    );
  const send = (target: string, ...args: readonly unknown[]) =>
    hooked.page.evaluate(
      ([name, values]) => (globalThis as unknown as ActedPage).connection.send(name, ...values),
      [target, args] as const,
    );

  /** Any exchange that receives names the connection. */
  async function carrier(): Promise<string> {
    const event = await until("an exchange that receives", () =>
      hooked.events.findLast((one) => one.type === "http-request" && one.method === "GET" && !one.act),
    );
    return event.type === "http-request" ? event.exchange : "";
  }

  let lastCommand = 0;
  async function perform(act: PageAct): Promise<string | undefined> {
    const command = ++lastCommand;
    await hooked.tell({ type: "act", body: { command, act } });
    const answered = await until("an answer", () =>
      hooked.acts.find((said) => said.type === "act-answered" && said.body.command === command),
    );
    return answered.type === "act-answered" ? answered.body.refusal : "no answer";
  }
  const breakThings = (...faults: readonly PageFault[]) => perform({ kind: "faults", faults });
  function folded(): Session {
    const session = createSession();
    for (const event of hooked.events) session.apply(inBytes(event));
    return session;
  }
  /** Messages of a target as the session has them: direction, act, first text. */
  const recorded = (target: string) =>
    folded().log.flatMap((entry) =>
      entry.kind === "message" && entry.target === target
        ? [`${entry.act ?? "passed"} ${entry.direction}`]
        : [],
    );

  return {
    async start(): Promise<void> {
      [chromium, server] = await Promise.all([openHookedChromium(), startAspNetCoreServer()]);
    },
    async end(): Promise<void> {
      await Promise.all([chromium?.close(), server?.stop()]);
    },
    get chromium() {
      return chromium;
    },
    get server() {
      return server;
    },
    get hooked() {
      return hooked;
    },
    open,
    heard,
    complaints,
    completed,
    invoke,
    send,
    carrier,
    perform,
    breakThings,
    folded,
    recorded,
  };
}
