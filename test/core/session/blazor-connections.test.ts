import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import { blazorMessages, type ExpectedRecording } from "../../support/blazor-recording.ts";
import { readRecording } from "../../support/recording.ts";
import { messagesOf } from "./expected-messages.ts";

/** Recordings of real Blazor Server pages; test/captures/blazor/README.md. */
const FOLDER = new URL("../../captures/blazor/", import.meta.url);
const names = readdirSync(FOLDER).filter((file) => file.endsWith(".ndjson"));

describe.for(names)("%s", (name) => {
  const ndjson = readFileSync(new URL(name, FOLDER), "utf8");
  const sockets = ndjson
    .split("\n")
    .filter((line) => /"kind":\s*"ws-(?:open|message|close)"/.test(line))
    .join("\n");

  test("its circuits are connections like others, with their protocol's name and all messages", () => {
    const session = createSession();
    for (const { event } of readRecording(sockets)) session.apply(event);
    expect(session.connections.length).toBeGreaterThan(0);
    for (const { protocol, hubPath, transport } of session.connections) {
      expect(protocol).toMatchObject({ name: "blazorpack", version: 1, guessed: false });
      expect(hubPath).toBe("/_blazor");
      expect(transport).toBe("WebSockets");
    }
    const messages = messagesOf(session);
    expect(messages.map(({ record }) => record.message)).toEqual(
      blazorMessages(ndjson).map(({ message }) => message),
    );
    expect(messages.some(({ target }) => target === "JS.RenderBatch")).toBe(true);
  });

  test("joined at any of its first payloads, with or without its address, it is Blazor Server all the same", () => {
    const events = [...readRecording(sockets)].map(({ event }) => event);
    const [opening] = events;
    const first = opening?.type === "socket-opening" ? opening.socket : "";
    const payloads = events.filter((event) => event.type === "socket-payload" && event.socket === first);
    for (const isAddressKnown of [true, false]) {
      for (let from = 2; from < Math.min(payloads.length - 4, 12); from++) {
        const session = createSession();
        if (isAddressKnown && opening !== undefined) session.apply(opening);
        for (const event of payloads.slice(from)) session.apply(event);
        expect(session.connections.map(({ protocol }) => protocol)).toEqual([
          { name: "blazorpack", guessed: true },
        ]);
        const [id = ""] = session.connections.map((one) => one.id);
        expect(session.redecode(id, "messagepack")).toBe(true);
        expect(session.connection(id)?.protocol).toMatchObject({ name: "messagepack", chosen: true });
      }
    }
  });

  test("calls of .NET and JS have their answers, render batches their acknowledgement", () => {
    const session = createSession();
    for (const { event } of readRecording(sockets)) session.apply(event);
    const recorded = blazorMessages(ndjson);
    const entries = messagesOf(session);
    const { interop, batches } = JSON.parse(
      readFileSync(new URL(name.replace(".ndjson", ".expected.json"), FOLDER), "utf8"),
    ) as ExpectedRecording;
    const entryOf = (event: number, target: string, id: unknown) => {
      const at = recorded.findIndex(
        (one) =>
          one.event === event &&
          one.message.kind === "invocation" &&
          one.message.target === target &&
          one.message.arguments[0] === id,
      );
      const entry = entries[at];
      if (entry === undefined) throw new Error(`No ${target} ${String(id)} in line ${event}.`);
      return entry;
    };
    const invocationOf = (event: number, target: string, id: unknown) => {
      const found = session.invocation(entryOf(event, target, id).invocation ?? 0);
      if (found === undefined) throw new Error(`${target} ${String(id)} opens nothing.`);
      return found;
    };
    for (const call of interop) {
      const isToJs = call.kind === "net-to-js";
      const id = isToJs ? call.asyncHandle : call.callId;
      const invocation = invocationOf(
        call.event,
        isToJs ? "JS.BeginInvokeJS" : "BeginInvokeDotNetFromJS",
        id,
      );
      if (call.doneEvent === undefined) {
        expect(["open", "lost"], String(id)).toContain(invocation.state.kind);
        continue;
      }
      const answer = entryOf(call.doneEvent, isToJs ? "EndInvokeJSFromDotNet" : "JS.EndInvokeDotNet", id);
      const hasFailed = (isToJs ? call.succeeded : call.success) === false;
      expect(invocation.state).toMatchObject({
        kind: hasFailed ? "failed" : "completed",
        completion: answer.number,
      });
      expect(answer.isError).toBe(hasFailed);
      expect(invocation.latency).toBeGreaterThanOrEqual(0);
    }
    for (const { batchId, event } of batches) {
      expect(["completed", "lost", "open"]).toContain(
        invocationOf(event, "JS.RenderBatch", batchId).state.kind,
      );
    }
    const shown = entries.filter(({ target }) => target === "JS.RenderBatch");
    const taken = shown.filter(
      ({ invocation }) => session.invocation(invocation ?? 0)?.state.kind === "completed",
    );
    expect(taken.length).toBeGreaterThan(0);
  });

  test("the circuit's life is told by its messages and stands with the connection", () => {
    const session = createSession();
    for (const { event } of readRecording(sockets)) session.apply(event);
    const steps = messagesOf(session).flatMap(({ circuit }) => circuit ?? []);
    expect(steps[0]).toBe("started");
    const hasFailed = name.includes("circuit-error");
    expect(steps.includes("failed")).toBe(hasFailed);
    const states = session.connections.map(({ circuit }) => circuit);
    expect(states.every((state) => state !== undefined && state !== "starting")).toBe(true);
    expect(states.includes("failed")).toBe(hasFailed);
    const [id = ""] = session.connections.map((one) => one.id);
    session.redecode(id, "messagepack");
    expect(session.connection(id)?.circuit).toBeUndefined();
    session.redecode(id, "blazorpack");
    expect(messagesOf(session).flatMap(({ circuit }) => circuit ?? [])).toEqual(steps);
  });
});
