import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { canonicalDom } from "../../../../core/src/wire/blazorpack/canonical-dom.ts";
import { createCircuitLog } from "../../../../core/src/wire/blazorpack/circuit.ts";
import type { InteropCall } from "../../../../core/src/wire/blazorpack/circuit-model.ts";
import { createComponentTree } from "../../../../core/src/wire/blazorpack/component-tree.ts";
import { decodeRenderBatch } from "../../../../core/src/wire/blazorpack/decode-render-batch.ts";
import { encodeRenderBatch } from "../../../../core/src/wire/blazorpack/encode-render-batch.ts";
import { describeBlazorCall } from "../../../../core/src/wire/blazorpack/hub-methods.ts";
import { EDIT_SIZE, FRAME_SIZE } from "../../../../core/src/wire/blazorpack/render-batch.ts";
import type { HubMessage } from "../../../../core/src/wire/hub-message.ts";
import {
  batchBytesOf,
  blazorMessages,
  type ExpectedHubMessage,
  type ExpectedInterop,
  type ExpectedRecording,
} from "../../../support/blazor-recording.ts";
import { editRow, frameRow, valueRow } from "./expected-form.ts";

const FOLDER = new URL("../../../captures/blazor/", import.meta.url);
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ndjson"))
  .map((file) => file.replace(/\.ndjson$/, ""));

function read(name: string): {
  readonly messages: ReturnType<typeof blazorMessages>;
  readonly expected: ExpectedRecording;
} {
  const messages = blazorMessages(readFileSync(new URL(`${name}.ndjson`, FOLDER), "utf8"));
  const text = readFileSync(new URL(`${name}.expected.json`, FOLDER), "utf8");
  return { messages, expected: JSON.parse(text) as ExpectedRecording };
}

const TYPES: Partial<Record<HubMessage["kind"], number>> = {
  invocation: 1,
  "stream-item": 2,
  completion: 3,
  "stream-invocation": 4,
  "cancel-invocation": 5,
  ping: 6,
  close: 7,
};

/** A message in the form of the expected file; the bytes of a batch by their length. */
function messageRow(message: HubMessage): Record<string, unknown> {
  const type = TYPES[message.kind];
  switch (message.kind) {
    case "handshake-request":
      return { handshake: { protocol: message.protocol, version: message.version } };
    case "handshake-response":
      return { handshake: {} };
    case "invocation":
    case "stream-invocation": {
      const isBatch = message.target === "JS.RenderBatch";
      const args = message.arguments.map((value) =>
        isBatch && value instanceof Uint8Array ? value.length : valueRow(value),
      );
      return { type, target: message.target, invocationId: message.invocationId ?? null, args };
    }
    case "stream-item":
      return { type, invocationId: message.invocationId, item: valueRow(message.item) };
    case "completion": {
      const { invocationId, outcome } = message;
      if (outcome.kind === "result") return { type, invocationId, result: valueRow(outcome.value) };
      return outcome.kind === "error"
        ? { type, invocationId, error: outcome.message }
        : { type, invocationId };
    }
    case "close":
      return { type, error: message.error ?? null };
    default:
      return { type };
  }
}

function expectedRow(message: ExpectedHubMessage): Record<string, unknown> {
  if (message.handshake !== undefined) return { handshake: JSON.parse(message.handshake) as unknown };
  const { type, target, invocationId, args, item, result, error } = message;
  switch (type) {
    case 1:
    case 4: {
      const shown = args?.map((value) =>
        typeof value === "object" && value !== null && "$batch" in value
          ? (value as unknown as { bytes: number }).bytes
          : value,
      );
      return { type, target, invocationId, args: shown };
    }
    case 2:
      return { type, invocationId, item };
    case 3:
      if (message.resultKind === 3) return { type, invocationId, result };
      return message.resultKind === 1 ? { type, invocationId, error } : { type, invocationId };
    case 7:
      return { type, error };
    default:
      return { type };
  }
}

describe.for(names)("%s", (name) => {
  const { messages, expected } = read(name);
  const batches = messages.flatMap(({ event, message }) => {
    const bytes = batchBytesOf(message);
    return bytes === undefined || message.kind !== "invocation"
      ? []
      : [{ event, batchId: message.arguments[0], bytes }];
  });

  test("has the hub messages of the expected file, without any issue", () => {
    expect(messages.flatMap(({ record }) => record.issues)).toEqual([]);
    const rows = messages.map(({ event, step, direction: dir, message }) => ({
      event,
      step,
      dir,
      ...messageRow(message),
    }));
    expect(rows).toEqual(
      expected.hubMessages.map((one) => ({
        event: one.event,
        step: one.step,
        dir: one.dir,
        ...expectedRow(one),
      })),
    );
  });

  test("every call has the argument list of a version, and the JSON in it is JSON", () => {
    const calls = messages.filter(({ message }) => message.kind === "invocation");
    expect(calls.length).toBeGreaterThan(0);
    for (const { direction, message } of calls) {
      const call = describeBlazorCall(message);
      expect(call?.signature, JSON.stringify(message).slice(0, 200)).toBeDefined();
      expect(call?.sender).toBe(direction === "out" ? "client" : "server");
      for (const argument of call?.arguments ?? []) {
        if (argument.kind === "json" && argument.value !== null) {
          expect(argument.json()?.issues).toEqual([]);
        }
      }
    }
  });

  test("has the batches of the expected file, and each encodes to its own bytes", () => {
    const rows = batches.map(({ event, batchId, bytes }) => {
      const { batch, strings, issues } = decodeRenderBatch(bytes);
      expect(issues).toEqual([]);
      expect(Buffer.from(encodeRenderBatch(batch)).equals(bytes)).toBe(true);
      return {
        batchId,
        event,
        bytes: bytes.length,
        updated: batch.updated.map(({ componentId, edits }) => ({
          component: componentId,
          edits: edits.map(editRow),
        })),
        frames: batch.frames.map(frameRow),
        strings,
        disposedComponents: batch.disposedComponents,
        disposedHandlers: batch.disposedHandlers,
      };
    });
    expect(rows).toEqual(expected.batches.map(({ step: _, ...row }) => row));
  });

  test("every byte of a batch is in exactly one range of its layout", () => {
    for (const { bytes } of batches) {
      const { batch, layout } = decodeRenderBatch(bytes);
      const ranges = [
        ...layout.updated,
        layout.updatedTable,
        layout.frames,
        layout.disposedComponents,
        layout.disposedHandlers,
        ...layout.strings,
        layout.stringTable,
        layout.footer,
      ].toSorted((a, b) => a.start - b.start);
      expect(ranges.map(({ start }) => start)).toEqual([0, ...ranges.slice(0, -1).map(({ end }) => end)]);
      expect(ranges.at(-1)?.end).toBe(bytes.length);
      expect(layout.frames.end - layout.frames.start).toBe(4 + batch.frames.length * FRAME_SIZE);
      for (const [index, { start, end }] of layout.updated.entries()) {
        expect(end - start).toBe(8 + (batch.updated[index]?.edits.length ?? 0) * EDIT_SIZE);
      }
    }
  });

  test("batches with a byte changed, or cut, decode and apply to something", () => {
    const tree = createComponentTree();
    for (const { bytes } of batches) {
      // A hundred places of each, spread over all its parts.
      const stride = Math.max(1, Math.floor(bytes.length / 100));
      for (let at = 0; at < bytes.length; at += stride) {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7));
        for (const hostile of [changed, bytes.subarray(0, at)]) {
          const { batch } = decodeRenderBatch(hostile);
          expect(tree.apply(batch).changes.length).toBeLessThanOrEqual(bytes.length);
        }
      }
      for (const id of tree.componentIds) canonicalDom(tree, id, () => []);
    }
  });

  test("has the calls of the expected file, each with its answer", () => {
    const log = createCircuitLog();
    for (const message of messages) log.apply(message);
    const calls = log.circuits.flatMap((circuit) => circuit.calls);
    expect(calls.map((call) => interopRow(call))).toEqual(expected.interop.map(expectedInterop));
  });

  function interopRow(call: InteropCall): unknown {
    const { outcome, event } = call;
    const answered =
      outcome.kind === "succeeded" || outcome.kind === "failed" ? messages[outcome.ended.number] : undefined;
    return {
      kind: call.kind,
      id: call.id,
      name: call.name,
      assembly: call.assembly ?? null,
      objectId: call.objectId,
      argumentsJson: event === undefined ? call.argumentsJson : "of an event",
      event: messages[call.started.number]?.event,
      outcome: outcome.kind === "abandoned" || outcome.kind === "pending" ? undefined : outcome.kind,
      doneEvent: answered?.event,
      result: outcome.kind === "succeeded" ? outcome.resultJson : undefined,
      handler:
        event === undefined
          ? undefined
          : {
              id: event.handlerId,
              event: event.name,
              name: event.target?.attribute ?? null,
              tag: event.target?.element ?? null,
            },
    };
  }
});

function expectedInterop(row: ExpectedInterop): unknown {
  const isDone = row.doneEvent !== undefined;
  const isSuccess = row.kind === "net-to-js" ? row.succeeded : row.success;
  return {
    kind: row.kind,
    id: row.kind === "net-to-js" ? String(row.asyncHandle) : row.callId,
    name: row.identifier ?? row.method,
    assembly: row.assembly ?? null,
    objectId: row.targetInstanceId ?? row.dotNetObjectId,
    argumentsJson: row.handler === undefined ? row.argsJson : "of an event",
    event: row.event,
    outcome: isDone ? (isSuccess === true ? "succeeded" : "failed") : undefined,
    doneEvent: row.doneEvent,
    result: isDone && isSuccess === true ? row.result : undefined,
    handler: row.handler,
  };
}
