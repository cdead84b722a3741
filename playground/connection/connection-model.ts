import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Milliseconds } from "../../core/src/capture-event.ts";
import type { HubClient, HubClientState } from "../../core/src/client/hub-client.ts";
import type { Clock } from "../../core/src/ports/clock.ts";
import type { HubProtocolName } from "../../core/src/wire/hub-codec.ts";
import { type ConnectionStep, connectionSteps, type StateChange } from "./connection-steps.ts";
import type { Failure } from "./failure.ts";

export interface ConnectionTarget {
  readonly url: string;
  readonly protocol: HubProtocolName;
  readonly skipNegotiation: boolean;
  /** Cookies go along. */
  readonly withCredentials: boolean;
  /** Absent: no authorisation. */
  readonly accessToken?: string;
}

export interface ConnectionPorts {
  readonly clock: Clock;
  /** A client that has not been started. Throws HubscopeError where the target can be no hub. */
  readonly createClient: (target: ConnectionTarget) => HubClient;
  /** What to tell the user of a failed start, or of a connection that ended by itself. */
  readonly explain: (target: ConnectionTarget, error: unknown) => Promise<Failure>;
  /** Called with every new client before it starts: to subscribe. */
  readonly onClient: (client: HubClient) => void;
  /** How the steps call what carries the connection. */
  readonly transport: string;
}

export interface ConnectionModel {
  readonly state: ReadonlySignal<HubClientState>;
  readonly steps: ReadonlySignal<readonly ConnectionStep[]>;
  /** When the connection in hand was established. */
  readonly connectedAt: ReadonlySignal<Milliseconds | undefined>;
  readonly failure: ReadonlySignal<Failure | undefined>;
  readonly isConnected: ReadonlySignal<boolean>;
  /** A connection is being opened or is open. */
  readonly isInUse: ReadonlySignal<boolean>;
  readonly client: () => HubClient | undefined;
  /** Ends the connection in hand first. Never rejects. */
  connect(target: ConnectionTarget): Promise<void>;
  disconnect(): Promise<void>;
}

const DISCONNECTED: HubClientState = { kind: "disconnected" };

/** One connection at a time; a new one takes the place of the old. */
export function createConnectionModel(ports: ConnectionPorts): ConnectionModel {
  const state = signal<HubClientState>(DISCONNECTED);
  const changes = signal<readonly StateChange[]>([]);
  const target = signal<ConnectionTarget | undefined>(undefined);
  const failure = signal<Failure | undefined>(undefined);
  let client: HubClient | undefined;

  const disconnect = async () => {
    const leaving = client;
    client = undefined;
    if (leaving === undefined) return;
    await leaving.stop();
    // Another connection may have begun meanwhile; its state is its own.
    if (client === undefined) state.value = DISCONNECTED;
  };

  const fail = async (of: HubClient | undefined, wanted: ConnectionTarget, error: unknown) => {
    const explained = await ports.explain(wanted, error);
    if (client === of) failure.value = explained;
  };

  const watch = (watched: HubClient, wanted: ConnectionTarget) => {
    let wasConnected = false;
    watched.onState((now) => {
      if (client !== watched) return;
      state.value = now;
      changes.value = [...changes.value, { kind: now.kind, at: ports.clock.now() }];
      if (now.kind === "connected") wasConnected = true;
      if (now.kind === "disconnected" && wasConnected && now.error) void fail(watched, wanted, now.error);
    });
  };

  const connect = async (wanted: ConnectionTarget) => {
    await disconnect();
    target.value = wanted;
    changes.value = [];
    failure.value = undefined;
    let created: HubClient | undefined;
    try {
      created = ports.createClient(wanted);
      client = created;
      watch(created, wanted);
      ports.onClient(created);
      await created.start();
    } catch (error) {
      // A client that was told to disconnect meanwhile has not failed.
      if (client === created) await fail(created, wanted, error);
    }
  };

  return {
    state,
    failure,
    connect,
    disconnect,
    client: () => client,
    steps: computed(() =>
      connectionSteps(changes.value, {
        transport: ports.transport,
        protocol: target.value?.protocol ?? "json",
      }),
    ),
    connectedAt: computed(() =>
      state.value.kind === "connected"
        ? changes.value.find(({ kind }) => kind === "connected")?.at
        : undefined,
    ),
    isConnected: computed(() => state.value.kind === "connected"),
    isInUse: computed(() => state.value.kind !== "disconnected"),
  };
}
