import type { HubCodec, HubProtocolName } from "../wire/hub-codec.ts";
import type { HubMessage, WireValue } from "../wire/hub-message.ts";
import { CLOSED_WITH_ERROR } from "./error-texts.ts";
import type { Hub, HubCall, HubDefinition, HubMethod, HubOptions, HubTarget } from "./hub.ts";
import { createInvocations, type Invocations } from "./invocations.ts";
import { type ServedConnection, serveConnection } from "./served-connection.ts";

/** A hub that serves any number of clients, over whatever sockets it is given. */
export function createHub(definition: HubDefinition, options: HubOptions = {}): Hub {
  const methods: ReadonlyMap<string, HubMethod> = new Map(
    Object.entries(definition.methods).map(([name, method]) => [name.toLowerCase(), method]),
  );
  const members = new Set<ServedConnection>();
  const groups = new Map<string, Set<ServedConnection>>();
  const open = new Set<ServedConnection>();
  let accepted = 0;
  let asked = 0;

  function targetOf(recipients: () => Iterable<ServedConnection>): HubTarget {
    return {
      send(target, ...args) {
        broadcast([...recipients()], { kind: "invocation", target, arguments: args });
      },
    };
  }

  function join(connection: ServedConnection, name: string): void {
    if (connection.gone.aborted) return;
    const group = groups.get(name) ?? new Set();
    groups.set(name, group.add(connection));
  }

  function leave(connection: ServedConnection, name: string): void {
    const group = groups.get(name);
    group?.delete(connection);
    if (group?.size === 0) groups.delete(name);
  }

  function callOf(
    connection: ServedConnection,
    invocations: () => Invocations,
    uploads: readonly AsyncIterable<WireValue>[],
    signal: AbortSignal,
  ): HubCall {
    return {
      connectionId: connection.id,
      signal,
      uploads,
      caller: targetOf(() => [connection]),
      others: targetOf(() => [...members].filter((member) => member !== connection)),
      all: targetOf(() => members),
      group: (name) => targetOf(() => groups.get(name) ?? []),
      join: (name) => join(connection, name),
      leave: (name) => leave(connection, name),
      ask: (target, ...args) => invocations().ask(target, args),
      abort: () => connection.close(),
    };
  }

  /** Runs a callback of the definition; resolves with false where it threw. */
  async function succeeds(callback: () => void | Promise<void>): Promise<boolean> {
    try {
      await callback();
      return true;
    } catch (error) {
      try {
        options.onFault?.(error);
      } catch {
        // The sink for faults is itself at fault.
      }
      return false;
    }
  }

  return {
    accept(socket, connectionId) {
      accepted += 1;
      const id = connectionId ?? `connection-${accepted}`;
      /** Messages wait here until onConnected has returned. */
      let waiting: HubMessage[] | undefined = [];

      const connection = serveConnection(id, socket, options, {
        connected: () => void welcome(),
        message(message) {
          // Not completions: onConnected may be asking the client.
          if (waiting === undefined || message.kind === "completion") invocations.receive(message);
          else waiting.push(message);
        },
        ended() {
          members.delete(connection);
          for (const name of [...groups.keys()]) leave(connection, name);
          invocations.end();
          void succeeds(() => definition.onDisconnected?.(id));
        },
      });
      const createCall = (uploads: readonly AsyncIterable<WireValue>[], signal: AbortSignal) =>
        callOf(connection, () => invocations, uploads, signal);
      const nextAskId = () => {
        asked += 1;
        return `s${asked}`;
      };
      const invocations = createInvocations({ connection, methods, options, nextAskId, createCall });
      open.add(connection);
      connection.gone.addEventListener("abort", () => open.delete(connection), { once: true });
      return connection;

      async function welcome(): Promise<void> {
        members.add(connection);
        const isWelcome = await succeeds(() => definition.onConnected?.(createCall([], connection.gone)));
        if (!isWelcome) return connection.close(CLOSED_WITH_ERROR);
        const messages = connection.gone.aborted ? [] : (waiting ?? []);
        waiting = undefined;
        for (const message of messages) invocations.receive(message);
      }
    },
    get connections() {
      return members.size;
    },
    stop() {
      for (const connection of [...open]) connection.close(undefined, true);
    },
  };
}

/** Encodes once a protocol, however many receive it. */
function broadcast(recipients: readonly ServedConnection[], message: HubMessage): void {
  const payloads = new Map<HubProtocolName, ReturnType<HubCodec["encode"]>>();
  for (const { codec } of recipients) {
    if (codec !== undefined && !payloads.has(codec.name)) payloads.set(codec.name, codec.encode(message));
  }
  for (const { codec, write } of recipients) {
    const payload = codec === undefined ? undefined : payloads.get(codec.name);
    if (payload !== undefined) write(payload);
  }
}
