import { HubscopeError } from "../errors.ts";
import type { CompletionOutcome, HubMessage, Invocation } from "../wire/hub-message.ts";
import { browserPorts } from "./browser-ports.ts";
import { createClientMethods } from "./client-methods.ts";
import { notConnected, stopped } from "./connection-failures.ts";
import { timingOf } from "./connection-settings.ts";
import type { HubClient, HubClientOptions, HubClientPorts } from "./hub-client.ts";
import { type CallContext, invoke, send } from "./invoke.ts";
import { createIsolate } from "./isolate.ts";
import { type LiveConnection, openConnection } from "./live-connection.ts";
import { type Negotiated, negotiateAddress, skipNegotiate } from "./negotiate-address.ts";
import { createPendingInvocations } from "./pending-invocations.ts";
import { reportingPorts } from "./reporting-ports.ts";
import { createStates } from "./states.ts";
import { stream } from "./stream.ts";
import { openWebSocketTransport } from "./web-socket-transport.ts";

/** From start() to the end of the connection that it made. */
interface Run {
  /** Gives up what is being opened; its reason is what start() rejects with. */
  readonly cancel: AbortController;
  connection?: LiveConnection;
}

/** Creates a client; nothing is opened until {@link HubClient.start}. */
export function createHubClient(options: HubClientOptions): HubClient {
  const isolate = createIsolate(options.onFault);
  const states = createStates(isolate);
  const pending = createPendingInvocations();
  const methods = createClientMethods((error) =>
    isolate(() => {
      throw error;
    }),
  );
  const ports = portsOf(options, isolate);
  let run: Run | undefined;
  let stopping: Promise<void> | undefined;

  const context: CallContext = {
    pending,
    connection() {
      if (states.current.kind !== "connected" || run?.connection === undefined) throw notConnected();
      return run.connection;
    },
  };

  async function start(signal?: AbortSignal): Promise<void> {
    if (states.current.kind !== "disconnected") {
      throw new Error(`start() was called on a client that is ${states.current.kind}.`);
    }
    signal?.throwIfAborted();
    const own: Run = { cancel: new AbortController() };
    run = own;
    const onAbort = () => own.cancel.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    try {
      const address = await findAddress(own.cancel.signal);
      own.cancel.signal.throwIfAborted();
      await connect(own, address);
    } catch (error) {
      void own.connection?.close();
      if (run === own) leave(error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  function findAddress(signal: AbortSignal): Promise<Negotiated> {
    if (options.skipNegotiation === true) {
      states.enter({ kind: "opening" });
      return skipNegotiate(options, signal);
    }
    states.enter({ kind: "negotiating" });
    return negotiateAddress(options, ports, signal);
  }

  function connect(own: Run, { address, connectionId }: Negotiated): Promise<void> {
    if (states.current.kind !== "opening") states.enter({ kind: "opening" });
    const { protocol } = options;
    const setup = {
      address,
      protocol,
      timing: timingOf(options),
      openTransport: openWebSocketTransport,
      ports,
    };
    return new Promise((resolve, reject) => {
      const { signal } = own.cancel;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      let connected = false;
      const connection = openConnection(setup, {
        opened: () => states.enter({ kind: "handshaking" }),
        connected() {
          connected = true;
          states.enter({ kind: "connected", ...(connectionId === undefined ? {} : { connectionId }) });
          resolve();
        },
        message: (message) => receive(message, connection),
        ended(error) {
          if (connected) leave(error);
          else reject(error);
        },
      });
      own.connection = connection;
    });
  }

  /** The connection is no more, and not because of stop(). */
  function leave(error: unknown): void {
    run = undefined;
    pending.failAll(error instanceof Error ? error : notConnected(error));
    states.enter({ kind: "disconnected", ...(error instanceof HubscopeError ? { error } : {}) });
  }

  function stop(): Promise<void> {
    if (states.current.kind === "disconnected") return Promise.resolve();
    stopping ??= endRun().finally(() => {
      stopping = undefined;
    });
    return stopping;
  }

  async function endRun(): Promise<void> {
    const ended = run;
    run = undefined;
    states.enter({ kind: "stopping" });
    const error = stopped();
    pending.failAll(error);
    ended?.cancel.abort(error);
    await ended?.connection?.close();
    states.enter({ kind: "disconnected" });
  }

  function receive(message: HubMessage, connection: LiveConnection): void {
    switch (message.kind) {
      case "invocation":
        return void answer(message, connection);
      case "stream-item":
        pending.item(message.invocationId, message.item);
        return;
      case "completion":
        pending.complete(message.invocationId, message.outcome);
        return;
      // Ping and Close are the connection's; the others have no meaning for a client and are ignored, as the
      // official client does.
      case "ping":
      case "close":
      case "undecodable":
      case "handshake-request":
      case "handshake-response":
      case "stream-invocation":
      case "cancel-invocation":
      case "ack":
      case "sequence":
      case "unknown":
        return;
      default:
        message satisfies never;
        return;
    }
  }

  async function answer(invocation: Invocation, connection: LiveConnection): Promise<void> {
    const outcome = await methods.run(invocation);
    const { invocationId } = invocation;
    if (invocationId === undefined) return;
    const complete = (answered: CompletionOutcome) =>
      connection.send({ kind: "completion", invocationId, outcome: answered });
    try {
      complete(outcome);
    } catch (error) {
      isolate(() => {
        // Where the connection is gone there is nobody to answer; a TypeError means a value that cannot be sent.
        if (!(error instanceof TypeError)) return;
        complete({ kind: "error", message: String(error) });
        throw error;
      });
    }
  }

  return {
    get state() {
      return states.current;
    },
    start,
    stop,
    invoke: (target, args, callOptions = {}) => invoke(context, { target, args, options: callOptions }),
    send: (target, args, callOptions = {}) => send(context, { target, args, options: callOptions }),
    stream: (target, args, callOptions = {}) => stream(context, { target, args, options: callOptions }),
    on: methods.on,
    onState: states.listen,
  };
}

function portsOf(options: HubClientOptions, isolate: (callback: () => void) => void): HubClientPorts {
  const ports = { ...browserPorts, ...options.ports };
  const { report } = options;
  return report === undefined ? ports : reportingPorts(ports, (event) => isolate(() => report(event)));
}
