import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Connection, MessageEntry } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { exchangeIdOf, readRecording, socketIdOf } from "../../support/recording.ts";
import { showClassic } from "../../support/shown-classic.ts";
import { messagesOf } from "./expected-messages.ts";

/** Recordings of a real classic SignalR server; test/captures/classic/README.md. */
const FOLDER = new URL("../../captures/classic/", import.meta.url);

interface Expected {
  readonly connections: readonly {
    readonly conn: number;
    readonly path: string;
    readonly connectionId: string;
    readonly connectionToken: string;
    readonly protocolVersion: string;
    readonly channels: readonly {
      readonly socket?: number;
      readonly exchange?: number;
      readonly transport: string;
    }[];
  }[];
  readonly messages: readonly (Readonly<Record<string, unknown>> & {
    readonly conn: number | null;
    readonly dir: "out" | "in";
    readonly n: number;
    readonly kind: string;
    readonly socket?: number;
    readonly exchange?: number;
    readonly transport: string;
  })[];
}

const TRANSPORTS: Readonly<Record<string, string>> = {
  webSockets: "WebSockets",
  serverSentEvents: "ServerSentEvents",
  foreverFrame: "ForeverFrame",
  longPolling: "LongPolling",
};

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ndjson"))
  .map((file) => file.slice(0, -".ndjson".length));

function replay(name: string): { readonly session: Session; readonly expected: Expected } {
  const session = createSession();
  const text = readFileSync(new URL(`${name}.ndjson`, FOLDER), "utf8");
  for (const { event } of readRecording(text)) session.apply(event);
  const expected = JSON.parse(readFileSync(new URL(`${name}.expected.json`, FOLDER), "utf8")) as Expected;
  return { session, expected };
}

test("there are recordings of classic SignalR over every transport", () => {
  expect(names.length).toBeGreaterThanOrEqual(61);
});

describe.for(names)("%s", (name) => {
  const { session, expected } = replay(name);
  const messages = messagesOf(session);
  const negotiated = session.connections.filter(({ connectionId }) => connectionId !== undefined);
  const ordinal = (id: string | undefined): number | null => {
    const connection = session.connections.find((candidate) => candidate.id === id);
    const found = expected.connections.find(({ connectionId }) => connectionId === connection?.connectionId);
    return found?.conn ?? null;
  };
  const counted = numbered(messages, ({ connection }) => ordinal(connection));

  test("its connections are those of the expected file", () => {
    const shown = ({ hubPath, connectionId, connectionToken, protocol }: Connection) => ({
      path: hubPath,
      connectionId,
      connectionToken,
      protocolVersion: protocol?.resolvedVersion,
      name: protocol?.name,
      guessed: protocol?.guessed,
    });
    expect(new Set(negotiated.map(shown))).toEqual(
      new Set(
        expected.connections.map(({ path, connectionId, connectionToken, protocolVersion }) => ({
          path,
          connectionId,
          connectionToken,
          protocolVersion,
          name: "classic",
          guessed: false,
        })),
      ),
    );
  });

  test("every message is what the expected file says, in its order, by its channel and on its connection", () => {
    expect(
      messages.map((entry) => {
        const { conn, n } = counted.get(entry.number) ?? {};
        return {
          conn,
          n,
          dir: entry.direction,
          carrier: entry.carrier,
          ...showClassic(entry.record.message, entry.record.raw),
        };
      }),
    ).toEqual(
      expected.messages.map((message) => ({
        conn: message.conn,
        n: message.n,
        dir: message.dir,
        carrier:
          message.socket === undefined
            ? { exchange: exchangeIdOf(Number(message.exchange)) }
            : { socket: socketIdOf(Number(message.socket)) },
        ...ownFields(message),
      })),
    );
  });

  test("replies and progress belong to the calls that the expected file pairs them with", () => {
    const callOf = (number: number | undefined): number | undefined => {
      const opening = session.invocation(number ?? 0)?.entries[0];
      return opening === undefined ? undefined : counted.get(opening)?.n;
    };
    const seen = messages.flatMap((entry) => pairingOf(session, entry, callOf, counted));
    const wanted = expected.messages.flatMap((message): readonly Readonly<Record<string, unknown>>[] => {
      switch (message.kind) {
        case "hubCall":
          return [{ call: message["id"], reply: message["reply"] ?? undefined }];
        case "result":
        case "error":
          return [{ replyTo: message["replyTo"] ?? undefined }];
        case "envelope":
          return (message["messages"] as readonly Record<string, unknown>[])
            .filter(({ kind }) => kind === "progress")
            .map(({ call }) => ({ progressOf: call ?? undefined }));
        default:
          return [];
      }
    });
    expect(seen).toEqual(wanted);
  });

  test("no call waits once its connection has ended, and those that got no reply are lost", () => {
    for (const entry of messages) {
      if (entry.record.message.kind !== "hub-call") continue;
      const invocation = session.invocation(entry.invocation ?? 0);
      const state = session.connection(entry.connection)?.state.kind;
      if (state === "ended" || state === "closed")
        expect(["completed", "failed", "lost", "sent"]).toContain(invocation?.state.kind);
    }
  });

  test("counts are those of the messages, and receive channels are those that the connection shows", () => {
    const sum = (of: (connection: Connection) => number) =>
      session.connections.reduce((total, connection) => total + of(connection), 0);
    expect(sum(({ messagesOut, messagesIn }) => messagesOut + messagesIn)).toBe(messages.length);
    expect(sum(({ bytesOut, bytesIn }) => bytesOut + bytesIn)).toBe(
      messages.reduce((total, { size }) => total + size, 0),
    );
    for (const { connectionId, channels } of expected.connections) {
      const connection = negotiated.find((candidate) => candidate.connectionId === connectionId);
      const last = channels.at(-1);
      if (last !== undefined && name !== "raw-http-errors")
        expect(connection?.transport).toBe(TRANSPORTS[last.transport]);
      const opened = channels.flatMap(({ socket }) => (socket === undefined ? [] : [socketIdOf(socket)]));
      expect(connection?.sockets).toEqual(expect.arrayContaining(opened));
    }
  });
});

const ABOUT = new Set([
  "conn",
  "n",
  "dir",
  "event",
  "socket",
  "exchange",
  "transport",
  "reply",
  "replyTo",
  "jsonp",
  "leadingKeepAliveSpaces",
]);

function ownFields(message: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const fields = Object.fromEntries(Object.entries(message).filter(([name]) => !ABOUT.has(name)));
  if (fields["kind"] !== "envelope") return fields;
  const items = fields["messages"] as readonly Record<string, unknown>[];
  return { ...fields, messages: items.map(({ call: _, ...item }) => item) };
}

/** Ordinals within connection and direction. */
function numbered(messages: readonly MessageEntry[], connOf: (entry: MessageEntry) => number | null) {
  const counts = new Map<string, number>();
  return new Map(
    messages.map((entry) => {
      const conn = connOf(entry);
      const key = `${conn} ${entry.direction}`;
      const n = counts.get(key) ?? 0;
      counts.set(key, n + 1);
      return [entry.number, { conn, n }] as const;
    }),
  );
}

function pairingOf(
  session: Session,
  entry: MessageEntry,
  callOf: (invocation: number | undefined) => number | undefined,
  counted: ReadonlyMap<number, { readonly n: number }>,
): readonly Readonly<Record<string, unknown>>[] {
  const { message } = entry.record;
  switch (message.kind) {
    case "hub-call": {
      const state = session.invocation(entry.invocation ?? 0)?.state;
      const completion =
        state?.kind === "completed" || state?.kind === "failed" ? state.completion : undefined;
      const reply = completion === undefined ? undefined : counted.get(completion)?.n;
      return [{ call: message.id ?? null, reply }];
    }
    case "hub-result":
    case "hub-error":
      return [{ replyTo: callOf(entry.invocation) }];
    case "envelope": {
      const own = entry.invocations ?? (entry.invocation === undefined ? [] : [entry.invocation]);
      const calls = own.filter((number) => session.invocation(number)?.direction === "out");
      const told = message.messages.filter(({ kind }) => kind === "progress");
      return told.map((_, index) => ({ progressOf: callOf(calls[index]) }));
    }
    default:
      return [];
  }
}
