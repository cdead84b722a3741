import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import type { Direction } from "../../../core/src/wire/payload.ts";
import { messagesOf } from "./expected-messages.ts";

/** A Blazor Server connection, from behind its handshake on. Reference: ComponentHub of .NET 10. */
function circuitOf(...messages: readonly (readonly [Direction, HubMessage])[]) {
  const session = createSession();
  const say = (
    direction: Direction,
    payload: { kind: "text"; text: string } | { kind: "binary"; bytes: Uint8Array },
  ) => session.apply({ type: "socket-payload", at: 1, socket: "s", direction, payload });
  say("out", { kind: "text", text: '{"protocol":"blazorpack","version":1}\u001e' });
  say("in", { kind: "binary", bytes: new TextEncoder().encode("{}\u001e") });
  for (const [direction, message] of messages) {
    const bytes = messagePackCodec.encode(message);
    if (typeof bytes === "string") throw new Error("MessagePack is binary.");
    say(direction, { kind: "binary", bytes });
  }
  return {
    state: session.connections[0]?.circuit,
    steps: messagesOf(session).flatMap(({ circuit }) => circuit ?? []),
    session,
  };
}

const ask = (target: string, invocationId: string): readonly [Direction, HubMessage] => [
  "out",
  { kind: "invocation", invocationId, target, arguments: [] },
];
const answer = (invocationId: string, value: unknown): readonly [Direction, HubMessage] => [
  "in",
  { kind: "completion", invocationId, outcome: { kind: "result", value } },
];
const said = (target: string, ...args: readonly unknown[]): readonly [Direction, HubMessage] => [
  "in",
  { kind: "invocation", target, arguments: args },
];

describe("a circuit", () => {
  test("starts with its secret, is paused, and resumed as another", () => {
    const { steps, state } = circuitOf(
      ask("StartCircuit", "0"),
      answer("0", "secret"),
      said("JS.RequestPause"),
      ask("PauseCircuit", "1"),
      answer("1", true),
      ask("ConnectCircuit", "2"),
      answer("2", false),
      ask("ResumeCircuit", "3"),
      answer("3", "another secret"),
    );
    expect(steps).toEqual(["started", "pause-wanted", "paused", "not-found", "resumed"]);
    expect(state).toBe("connected");
  });

  test("is gone to again over another connection, or is gone for good", () => {
    expect(circuitOf(ask("ConnectCircuit", "0"), answer("0", true))).toMatchObject({
      steps: ["connected"],
      state: "connected",
    });
    expect(circuitOf(ask("ConnectCircuit", "0"), answer("0", false))).toMatchObject({
      steps: ["not-found"],
      state: "gone",
    });
  });

  test.for<readonly [string, readonly (readonly [Direction, HubMessage])[], string, string]>([
    ["no secret", [ask("StartCircuit", "0"), answer("0", null)], "not-started", "failed"],
    [
      "an error",
      [
        ask("StartCircuit", "0"),
        ["in", { kind: "completion", invocationId: "0", outcome: { kind: "error", message: "no" } }],
      ],
      "not-started",
      "failed",
    ],
    ["garbage to resume", [ask("ResumeCircuit", "0"), answer("0", null)], "not-resumed", "failed"],
  ])("does not come to be where the answer is %s", ([, messages, step, state]) => {
    expect(circuitOf(...messages)).toMatchObject({ steps: [step], state });
  });

  test("that cannot be paused goes on", () => {
    const { steps, state } = circuitOf(
      ask("StartCircuit", "0"),
      answer("0", "secret"),
      ask("PauseCircuit", "1"),
      answer("1", false),
    );
    expect(steps).toEqual(["started", "not-paused"]);
    expect(state).toBe("connected");
  });

  test("fails with an exception, which is an error in the log", () => {
    const { steps, state, session } = circuitOf(
      said("JS.RenderBatch", 2, new Uint8Array()),
      said("JS.Error", "boom"),
    );
    expect(steps).toEqual(["failed"]);
    expect(state).toBe("failed");
    expect(session.connections[0]?.errors).toBe(1);
  });

  test("what the other end says in its words means nothing", () => {
    expect(circuitOf(["out", { kind: "invocation", target: "JS.Error", arguments: ["x"] }]).steps).toEqual(
      [],
    );
    expect(
      circuitOf(
        ["in", { kind: "invocation", invocationId: "9", target: "StartCircuit", arguments: [] }],
        ["out", { kind: "completion", invocationId: "9", outcome: { kind: "result", value: "x" } }],
      ).steps,
    ).toEqual([]);
  });

  test("arguments of other types than Blazor's pair nothing and break nothing", () => {
    const { session } = circuitOf(
      said("JS.BeginInvokeJS", null, { a: 1 }),
      said("JS.EndInvokeDotNet"),
      ["out", { kind: "invocation", target: "EndInvokeJSFromDotNet", arguments: [1.5, false, "{"] }],
      ["out", { kind: "invocation", target: "UpdateRootComponents", arguments: [7] }],
      said("JS.EndUpdateRootComponents", []),
    );
    expect(messagesOf(session).map(({ isError }) => isError)).not.toContain(true);
  });
});
