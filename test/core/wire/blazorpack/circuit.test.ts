import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CircuitLog, createCircuitLog } from "../../../../core/src/wire/blazorpack/circuit.ts";
import type { Circuit, CircuitHappening } from "../../../../core/src/wire/blazorpack/circuit-model.ts";
import { encodeRenderBatch } from "../../../../core/src/wire/blazorpack/encode-render-batch.ts";
import { BLAZOR_METHODS } from "../../../../core/src/wire/blazorpack/hub-signatures.ts";
import type { CompletionOutcome, HubMessage } from "../../../../core/src/wire/hub-message.ts";
import type { Direction } from "../../../../core/src/wire/payload.ts";

type Line = readonly [Direction, HubMessage];

function call(target: string, ...args: readonly unknown[]): HubMessage {
  return { kind: "invocation", target, arguments: args };
}
function asked(invocationId: string, target: string, ...args: readonly unknown[]): HubMessage {
  return { kind: "invocation", invocationId, target, arguments: args };
}
function answered(invocationId: string, value: unknown): HubMessage {
  return { kind: "completion", invocationId, outcome: { kind: "result", value } };
}
const HANDSHAKE: Line = ["out", { kind: "handshake-request", protocol: "blazorpack", version: 1 }];

/** A batch that puts a text at the front of component 0. */
function batchOf(batchId: number, text: string): HubMessage {
  const bytes = encodeRenderBatch({
    updated: [{ componentId: 0, edits: [{ kind: "prependFrame", sibling: 0, frame: 0 }] }],
    frames: [{ kind: "text", text }],
    disposedComponents: [],
    disposedHandlers: [],
  });
  return call("JS.RenderBatch", batchId, bytes);
}

/** A circuit that is connected, with a root. */
const STARTED: readonly Line[] = [
  HANDSHAKE,
  ["out", asked("0", "StartCircuit", "http://a/", "http://a/counter", "[]", "")],
  ["in", answered("0", "secret")],
  ["in", call("JS.AttachComponent", 0, "1")],
];

function apply(log: CircuitLog, ...lines: readonly Line[]): void {
  for (const [direction, message] of lines) log.apply({ direction, message, at: 1000 });
}

function circuitAfter(...lines: readonly Line[]): Circuit {
  const log = createCircuitLog();
  apply(log, ...lines);
  const circuit = log.circuits.at(-1);
  if (circuit === undefined) throw new Error("no circuit");
  return circuit;
}

function textsOf(circuit: Circuit): readonly string[] {
  return (
    circuit.tree.component(0)?.children.flatMap((node) => (node.kind === "text" ? [node.text] : [])) ?? []
  );
}

function kindsOf(happenings: readonly CircuitHappening[]): readonly string[] {
  return happenings.map(({ what }) => (what.kind === "answer" ? `${what.to}: ${what.isGranted}` : what.kind));
}

describe("the life of a circuit", () => {
  test("begins with StartCircuit, and lives when a secret comes back", () => {
    const before = circuitAfter(...STARTED.slice(0, 2));
    expect(before).toMatchObject({ state: "started", uri: "http://a/counter", secret: undefined });
    const after = circuitAfter(...STARTED);
    expect(after).toMatchObject({ state: "connected", secret: "secret" });
    expect(kindsOf(after.happenings)).toEqual(["start", "start: true", "root-attached"]);
    expect(after.happenings[1]).toMatchObject({ number: 2, at: 1000 });
  });

  test("fails to begin when the hub answers with nothing, or with an error", () => {
    const error: CompletionOutcome = { kind: "error", message: "Failed to invoke 'StartCircuit'" };
    for (const message of [
      answered("0", null),
      { kind: "completion", invocationId: "0", outcome: error } as const,
    ]) {
      expect(circuitAfter(...STARTED.slice(0, 2), ["in", message]).state).toBe("failed");
    }
  });

  test("goes on over another connection; batches that are sent again are not applied again", () => {
    const circuit = circuitAfter(
      ...STARTED,
      ["in", batchOf(2, "a")],
      ["out", call("OnRenderCompleted", 2, null)],
      ["in", batchOf(3, "b")],
      HANDSHAKE,
      ["out", asked("0", "ConnectCircuit", "secret")],
      ["in", batchOf(3, "b")],
      ["in", batchOf(4, "c")],
      ["in", answered("0", true)],
      ["out", call("OnRenderCompleted", 4, "Error: the page is gone")],
    );
    expect(circuit.state).toBe("connected");
    expect(textsOf(circuit)).toEqual(["c", "b", "a"]);
    expect(
      circuit.batches.map(({ batchId, isRepeated, isBehindGap }) => [batchId, isRepeated, isBehindGap]),
    ).toEqual([
      [2, false, false],
      [3, false, false],
      [3, true, false],
      [4, false, false],
    ]);
    expect(circuit.batches.map(({ completed }) => completed?.number)).toEqual([5, undefined, undefined, 12]);
    expect(circuit.batches.at(-1)?.completed?.error).toBe("Error: the page is gone");
    expect(circuit.batches[0]).toMatchObject({
      lines: [{ componentId: 0, depth: 0, text: 'adds "a"' }],
      counts: { components: 1, edits: 1, frames: 1, disposedComponents: 0, disposedHandlers: 0 },
    });
  });

  test("batches behind a gap are applied, and marked", () => {
    const circuit = circuitAfter(...STARTED, ["in", batchOf(2, "a")], ["in", batchOf(5, "b")]);
    expect(textsOf(circuit)).toEqual(["b", "a"]);
    expect(circuit.batches.map(({ isBehindGap }) => isBehindGap)).toEqual([false, true]);
  });

  test("is gone when the server knows it no more, and the page begins another", () => {
    const log = createCircuitLog();
    apply(
      log,
      ...STARTED,
      HANDSHAKE,
      ["out", asked("0", "ConnectCircuit", "secret")],
      ["in", answered("0", false)],
      ...STARTED,
    );
    expect(log.circuits.map(({ state }) => state)).toEqual(["gone", "connected"]);
  });

  test("is paused, its state is saved by the page, and it is resumed as another", () => {
    const log = createCircuitLog();
    apply(
      log,
      ...STARTED,
      ["out", asked("1", "PauseCircuit")],
      ["in", asked("s1", "JS.SavePersistedState", "secret", "{}", "state")],
      ["out", answered("s1", true)],
      ["in", answered("1", true)],
      ["out", asked("2", "ConnectCircuit", "secret")],
      ["in", answered("2", false)],
      ["out", asked("3", "ResumeCircuit", "secret", "http://a/", "http://a/counter", "[]", "")],
      ["in", answered("3", "another")],
    );
    expect(log.circuits.map(({ state, secret }) => [state, secret])).toEqual([
      ["paused", "secret"],
      ["connected", "another"],
    ]);
    expect(kindsOf(log.circuits[0]?.happenings.slice(3) ?? [])).toEqual([
      "pause",
      "save-state",
      "save-state: true",
      "pause: true",
      "connect",
      "connect: false",
    ]);
    expect(kindsOf(log.circuits[1]?.happenings ?? [])).toEqual(["resume", "resume: true"]);
  });

  test("the same invocation ID of both ends is two questions", () => {
    const circuit = circuitAfter(
      ...STARTED,
      ["out", asked("1", "PauseCircuit")],
      ["in", asked("1", "JS.SavePersistedState", "secret", "{}", "")],
      ["in", answered("1", false)],
      ["out", answered("1", true)],
    );
    expect(kindsOf(circuit.happenings.slice(3))).toEqual([
      "pause",
      "save-state",
      "pause: false",
      "save-state: true",
    ]);
  });

  test("is dead after JS.Error, and nothing is waited for", () => {
    const circuit = circuitAfter(
      ...STARTED,
      ["out", call("BeginInvokeDotNetFromJS", "1", null, "DispatchEventAsync", 1, "[{}]")],
      ["in", call("JS.BeginTransmitStream", 1)],
      ["in", call("JS.Error", "System.Exception: no")],
      ["out", { kind: "close" }],
    );
    expect(circuit.state).toBe("failed");
    expect(circuit.calls[0]?.outcome).toEqual({ kind: "abandoned", ended: { number: 6, at: 1000 } });
    expect(circuit.streams[0]?.outcome.kind).toBe("cancelled");
    expect(circuit.happenings.slice(-2).map(({ what }) => what)).toEqual([
      { kind: "error", message: "System.Exception: no" },
      { kind: "closed", by: "out" },
    ]);
  });

  test("has the roots that the page asks for, and where the page goes", () => {
    const circuit = circuitAfter(
      ...STARTED,
      [
        "out",
        call(
          "UpdateRootComponents",
          '{"batchId":1,"operations":[{"type":"add","ssrComponentId":1,"marker":{}},{"type":"remove","ssrComponentId":2},{"type":"odd"}]}',
          "",
        ),
      ],
      ["in", call("JS.EndUpdateRootComponents", 1)],
      ["out", call("OnLocationChanging", 4, "http://a/b", null, true)],
      ["in", call("JS.EndLocationChanging", 4, true)],
      ["out", call("OnLocationChanged", "http://a/b", null, true)],
      ["in", call("JS.RequestPause")],
    );
    expect(circuit.uri).toBe("http://a/b");
    expect(circuit.happenings.slice(3).map(({ what }) => what)).toEqual([
      {
        kind: "roots-wanted",
        batchId: 1,
        operations: [
          { type: "add", ssrComponentId: 1 },
          { type: "remove", ssrComponentId: 2 },
          { type: "unknown", ssrComponentId: undefined },
        ],
      },
      { kind: "roots-updated", batchId: 1 },
      { kind: "location-asked", callId: 4, uri: "http://a/b" },
      { kind: "location-answered", callId: 4, isAllowed: true },
      { kind: "location", uri: "http://a/b", isIntercepted: true },
      { kind: "pause-wanted" },
    ]);
  });

  test("takes no call from the end that cannot make it", () => {
    const log = createCircuitLog();
    apply(log, ["in", asked("0", "StartCircuit", "/", "/", "[]", "")], ["out", batchOf(2, "a")]);
    expect(log.circuits).toEqual([]);
    const circuit = circuitAfter(...STARTED, ["out", call("JS.Error", "no")], ["out", batchOf(2, "a")]);
    expect(circuit.state).toBe("connected");
    expect(circuit.batches).toEqual([]);
  });

  test("may have begun before the recording", () => {
    const log = createCircuitLog();
    apply(log, ["in", { kind: "ping" }]);
    expect(log.circuits).toEqual([]);
    apply(log, ["in", batchOf(40, "late")]);
    expect(log.circuits[0]).toMatchObject({ state: "connected", secret: undefined });
    expect(log.circuits[0]?.batches[0]?.misfits).toBe(1);
  });
});

describe("calls between .NET and JS", () => {
  test("the ID of a call in one direction is not that of the other", () => {
    const { calls } = circuitAfter(
      ...STARTED,
      ["in", call("JS.BeginInvokeJS", 1, "a", "[1]", 0, 0, 1)],
      ["out", call("BeginInvokeDotNetFromJS", "1", "Lib", "M", 0, "[]")],
      ["in", call("JS.EndInvokeDotNet", "1", false, "System.Exception: no")],
      ["out", call("EndInvokeJSFromDotNet", 1, false, '[1,false,"Error: no\\nat x"]')],
    );
    expect(calls).toMatchObject([
      {
        kind: "net-to-js",
        name: "a",
        resultType: "Default",
        callType: "FunctionCall",
        outcome: { kind: "failed", error: "Error: no\nat x", ended: { number: 7 } },
      },
      {
        kind: "js-to-net",
        assembly: "Lib",
        name: "M",
        outcome: { kind: "failed", error: "System.Exception: no" },
      },
    ]);
  });

  test("bytes belong to the next call or answer in their direction", () => {
    const { calls } = circuitAfter(
      ...STARTED,
      ["in", call("JS.ReceiveByteArray", 1, Uint8Array.of(1))],
      ["out", call("ReceiveByteArray", 0, Uint8Array.of(2))],
      ["in", call("JS.BeginInvokeJS", 2, "a", '[{"__byte[]":1}]', 0, 0)],
      ["out", call("EndInvokeJSFromDotNet", 2, true, '[2,true,{"__byte[]":0}]')],
      ["in", call("JS.BeginInvokeJS", 0, "b", null, 3, 0)],
    );
    expect(calls.map(({ bytes }) => bytes)).toEqual([new Map([[1, Uint8Array.of(1)]]), new Map()]);
    expect(calls[0]?.outcome).toMatchObject({ kind: "succeeded", bytes: new Map([[0, Uint8Array.of(2)]]) });
    // Handle 0: nobody waits for an answer.
    expect(calls[1]?.id).toBeUndefined();
  });

  test("an event is joined with the element that has the handler, whatever its digits", () => {
    const button = encodeRenderBatch({
      updated: [{ componentId: 0, edits: [{ kind: "prependFrame", sibling: 0, frame: 0 }] }],
      frames: [
        { kind: "element", subtreeLength: 3, name: "button" },
        { kind: "attribute", name: "id", value: "save", handlerId: 0 },
        { kind: "attribute", name: "onclick", value: null, handlerId: 2n ** 60n },
      ],
      disposedComponents: [],
      disposedHandlers: [],
    });
    const { calls } = circuitAfter(
      ...STARTED,
      ["in", call("JS.RenderBatch", 2, button)],
      [
        "out",
        call(
          "BeginInvokeDotNetFromJS",
          "1",
          null,
          "DispatchEventAsync",
          1,
          `[{"eventHandlerId":${2n ** 60n},"eventName":"click","eventFieldInfo":null},{}]`,
        ),
      ],
      ["out", call("DispatchBrowserEvent", '{"browserRendererId":0,"eventHandlerId":5}', "{}")],
    );
    expect(calls.map(({ event }) => event)).toEqual([
      {
        handlerId: 2n ** 60n,
        name: "click",
        target: { componentId: 0, element: "button", attribute: "onclick", elementId: "save" },
      },
      { handlerId: 5, name: "" },
    ]);
  });

  test(".NET Core 3 has one text for all that it answers", () => {
    const { calls } = circuitAfter(
      ...STARTED,
      ["out", call("BeginInvokeDotNetFromJS", "1", "Lib", "M", 0, "[]")],
      ["in", call("JS.EndInvokeDotNet", '["1",true,{"a":1}]')],
      ["in", call("JS.BeginInvokeJS", 2, "a", "[]")],
    );
    expect(calls).toMatchObject([{ outcome: { kind: "succeeded", resultJson: '{"a":1}' } }, { objectId: 0 }]);
  });

  test("a stream to the page is one of the hub: complete, failed, cancelled, or cut", () => {
    const stream = (id: number, invocationId: string): readonly Line[] => [
      ["in", call("JS.BeginTransmitStream", id)],
      ["out", { kind: "stream-invocation", invocationId, target: "SendDotNetStreamToJS", arguments: [id] }],
      ["in", { kind: "stream-item", invocationId, item: new Uint8Array(10) }],
    ];
    const { streams } = circuitAfter(
      ...STARTED,
      ...stream(1, "5"),
      ["in", { kind: "completion", invocationId: "5", outcome: { kind: "void" } }],
      ...stream(2, "6"),
      ["in", { kind: "completion", invocationId: "6", outcome: { kind: "error", message: "no" } }],
      ...stream(3, "7"),
      ["out", { kind: "cancel-invocation", invocationId: "7" }],
      ["in", { kind: "completion", invocationId: "7", outcome: { kind: "void" } }],
      ...stream(4, "8"),
      HANDSHAKE,
    );
    expect(streams.map(({ id, size, outcome }) => [id, size, outcome.kind])).toEqual([
      [1, 10, "complete"],
      [2, 10, "failed"],
      [3, 10, "cancelled"],
      [4, 10, "cancelled"],
    ]);
  });

  test("a stream from the page is complete when it has the length of its reference", () => {
    const { streams } = circuitAfter(
      ...STARTED,
      ["in", call("JS.BeginInvokeJS", 2, "blob", "[]", 2, 0)],
      [
        "out",
        call("EndInvokeJSFromDotNet", 2, true, '[2,true,{"__jsStreamReferenceLength":15,"__jsObjectId":4}]'),
      ],
      [
        "in",
        call(
          "JS.BeginInvokeJS",
          3,
          "Blazor._internal.sendJSDataStream",
          '[{"__jsObjectId":4},9,32256]',
          3,
          0,
        ),
      ],
      ["out", call("ReceiveJSDataChunk", 9, 0, new Uint8Array(10), null)],
      ["out", call("ReceiveJSDataChunk", 9, 1, new Uint8Array(5), null)],
      ["out", call("ReceiveJSDataChunk", 10, 0, new Uint8Array(5), null)],
      ["out", call("ReceiveJSDataChunk", 10, -1, null, "Error: torn")],
    );
    expect(streams).toMatchObject([
      { kind: "js-to-net", id: 9, wantedSize: 15, pieces: 2, size: 15, outcome: { kind: "complete" } },
      { kind: "js-to-net", id: 10, size: 5, outcome: { kind: "failed", error: "Error: torn" } },
    ]);
  });
});

test("no call of the hub, whatever its arguments, makes the fold throw", () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      -1,
      0,
      3,
      2n ** 63n,
      "",
      "[]",
      "[1,true]",
      '{"batchId":',
      new Uint8Array(40),
    ),
    fc.string(),
    fc.array(fc.nat(), { maxLength: 2 }),
  );
  const message: fc.Arbitrary<HubMessage> = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(...BLAZOR_METHODS.map(({ target }) => target)),
        fc.array(value, { maxLength: 7 }),
        fc.option(fc.constantFrom("1", "2")),
        fc.constantFrom("invocation" as const, "stream-invocation" as const),
      )
      .map(
        ([target, args, id, kind]): HubMessage =>
          kind === "stream-invocation" || id !== null
            ? { kind, target, arguments: args, invocationId: id ?? "1" }
            : { kind, target, arguments: args },
      ),
    fc.constantFrom("1", "2").chain((invocationId) =>
      value.map(
        (item): HubMessage => ({
          kind: "completion",
          invocationId,
          outcome: { kind: "result", value: item },
        }),
      ),
    ),
    fc.constant<HubMessage>({ kind: "handshake-request", protocol: "blazorpack", version: 1 }),
  );
  const line = fc.record({ direction: fc.constantFrom<Direction>("in", "out"), message });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const log = createCircuitLog();
      for (const one of lines) log.apply(one);
    }),
    { numRuns: 2_000 },
  );
});
