import { readFileSync } from "node:fs";
import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { MessageEntry } from "../../../core/src/session/model.ts";
import { preview } from "../../../core/src/session/preview.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { describeConnection } from "../../../ui/inspector/connections/connection-list-model.ts";
import { blazorSight } from "../../../ui/inspector/detail/blazor-page.ts";
import { createDetailModel } from "../../../ui/inspector/detail/detail-model.ts";
import { entryJson } from "../../../ui/inspector/detail/entry-json.ts";
import { entryRow } from "../../../ui/inspector/log/entry-row.ts";
import { valueText } from "../../../ui/value/value-text.ts";
import { readRecording } from "../../support/recording.ts";

/** Recordings of real Blazor Server pages; test/captures/blazor/README.md. */
function sessionOf(name: string, from = 0): Session {
  const ndjson = readFileSync(new URL(`../../captures/blazor/${name}.ndjson`, import.meta.url), "utf8");
  const sockets = ndjson
    .split("\n")
    .filter((line) => /"kind":\s*"ws-(?:open|message|close)"/.test(line))
    .join("\n");
  const session = createSession();
  for (const { event } of readRecording(sockets).slice(from)) session.apply(event);
  return session;
}

const messagesOf = (session: Session, target: string) =>
  session.log.filter(
    (entry): entry is MessageEntry =>
      entry.kind === "message" &&
      entry.record.message.kind === "invocation" &&
      entry.record.message.target === target,
  );

const previewText = ({ record }: MessageEntry) =>
  preview(record)
    .map(({ text }) => text)
    .join("");

function detailOf(session: Session, entry: MessageEntry | undefined) {
  const detail = createDetailModel(session, signal(entry), signal(session.revision)).detail.value;
  if (detail === undefined) throw new Error("Nothing is open.");
  return detail;
}

describe("a render batch", () => {
  const session = sessionOf("net9-counter");
  const batches = messagesOf(session, "JS.RenderBatch");

  test("says what it does to the page, as a tree", () => {
    const sights = batches.map((entry) => blazorSight(session, entry));
    expect(sights[0]?.sentences[0]).toMatch(/^Batch 2 updates \d+ components? with \d+ edits?/);
    const all = sights.map((sight) => sight?.changes ?? "").join("\n");
    expect(all).toMatch(/^component \d+\n {2}adds /);
    expect(all).toMatch(/text in <\S+> is now "[^"]*1", was "[^"]*0"/);
  });

  test("says in its row how much it touches", () => {
    expect(previewText(batches[0] as MessageEntry)).toMatch(/^batch 2: \d+ components?, \d+ edits?$/);
    for (const entry of batches) {
      const [, components, edits] = /: (\d+) comp\w+, (\d+) edit/.exec(previewText(entry)) ?? [];
      const [sentence] = blazorSight(session, entry)?.sentences ?? [];
      if (Number(components) === 0) continue;
      expect(sentence).toContain(`updates ${components} component`);
      expect(sentence).toContain(`with ${edits} edit`);
    }
    const [roots] = messagesOf(session, "UpdateRootComponents");
    expect(previewText(roots as MessageEntry)).toMatch(/^add root 1(?:, add root \d+)*$/);
  });

  test("that is broken is told by its number alone", () => {
    const entry = batches[0] as MessageEntry;
    const { message } = entry.record;
    if (message.kind !== "invocation") throw new Error("A batch is a call.");
    for (const bytes of [
      new Uint8Array(),
      new Uint8Array(19),
      new Uint8Array(40).fill(0xff),
      new Uint8Array(40).fill(0x7f),
    ]) {
      const record = {
        ...entry.record,
        direction: "in" as const,
        message: { ...message, arguments: [2, bytes] },
      };
      expect(previewText({ ...entry, record } as MessageEntry)).toBe("batch 2");
    }
  });

  test("is told the same whoever is looked at first, and after the payloads were decoded anew", () => {
    const told = batches.map((entry) => blazorSight(session, entry));
    const other = sessionOf("net9-counter");
    const backwards = messagesOf(other, "JS.RenderBatch").toReversed();
    expect(backwards.map((entry) => blazorSight(other, entry)).toReversed()).toEqual(told);
    const [id = ""] = other.connections.map((one) => one.id);
    other.redecode(id, "messagepack");
    expect(messagesOf(other, "JS.RenderBatch").map((entry) => blazorSight(other, entry))).toEqual(
      told.map(() => undefined),
    );
    other.redecode(id, "blazorpack");
    expect(messagesOf(other, "JS.RenderBatch").map((entry) => blazorSight(other, entry))).toEqual(told);
  });

  test("of a page that was joined late says that not all of it can be placed", () => {
    const late = sessionOf("net9-counter", 14);
    const sights = messagesOf(late, "JS.RenderBatch").map((entry) => blazorSight(late, entry));
    expect(sights.flatMap((sight) => sight?.sentences ?? []).join(" ")).toContain(
      "the recording began after the page did",
    );
  });

  test("is related to the page's acknowledgement, which names itself", () => {
    const related = detailOf(session, batches[0]).related;
    expect(related?.summary.value.map(({ word }) => word)).toEqual(["invocation", "OnRenderCompleted"]);
    expect(related?.title.value).toMatch(/^Invocation, answered in /);
  });
});

describe("interop", () => {
  const session = sessionOf("net9-interop");

  test("a call of .NET has the names of its arguments, and what travels in texts is read", () => {
    const call = messagesOf(session, "JS.BeginInvokeJS").find((entry) =>
      /^probe\.\w+\(.+\)$/.test(previewText(entry)),
    );
    const detail = detailOf(session, call);
    expect(detail.parts.map(({ label }) => label)).toEqual([
      "asyncHandle",
      "identifier",
      "arguments",
      "resultType",
      "targetInstanceId",
    ]);
    expect(Array.isArray(detail.parts[2]?.value)).toBe(true);
    expect(valueText(detail.parts[3]?.value).text).toMatch(/^\d: (?:Default|JS\w+)$/);
    if (call === undefined) throw new Error("There is a call.");
    expect(JSON.parse(entryJson(call, detail.parts))).toMatchObject({
      target: "JS.BeginInvokeJS",
      identifier: detail.parts[1]?.value,
    });
    const marks = detail.hexMarks();
    detail.tree.activate("/identifier");
    expect(marks?.caption.value).toMatch(/^identifier: "probe\.\w+" · str · \d+ bytes from 0x/);
    detail.tree.activate("/arguments/0");
    expect(marks?.caption.value).toContain("packed in str");
  });

  test("answers say in their row whether it went well, and are errors where not", () => {
    const answers = messagesOf(session, "EndInvokeJSFromDotNet");
    const words = answers.map((entry) => previewText(entry).split(" ")[0]);
    expect(new Set(words)).toEqual(new Set(["result", "failed:"]));
    for (const [at, entry] of answers.entries()) expect(entry.isError).toBe(words[at] === "failed:");
  });

  test("a DOM event is told by its element", () => {
    const counter = sessionOf("net9-counter");
    const events = messagesOf(counter, "BeginInvokeDotNetFromJS");
    const told = events.flatMap((entry) => blazorSight(counter, entry)?.sentences ?? []);
    expect(told[0]).toMatch(/^A click on <button[^>]*> of component \d+\.$/);
    expect(previewText(events[0] as MessageEntry)).toMatch(/^click for handler \d+, \{/);
  });
});

describe("a circuit", () => {
  test("is marked where it starts and where it fails, in words", () => {
    const session = sessionOf("net9-circuit-error");
    const rows = session.log.filter((entry): entry is MessageEntry => entry.kind === "message").map(entryRow);
    expect(rows.flatMap(({ circuit }) => circuit ?? []).slice(0, 2)).toEqual(["started", "failed"]);
    const [connection] = session.connections;
    if (connection === undefined) throw new Error("There is a connection.");
    expect(describeConnection(connection, 0, (url) => url).detail).toContain(
      "circuit failed · WebSockets · Blazor Server",
    );
  });

  test("shows no secret of its own", () => {
    const session = sessionOf("net9-counter");
    const [start] = messagesOf(session, "StartCircuit");
    if (start === undefined) throw new Error("There is a start.");
    const { parts } = detailOf(session, start);
    expect(parts.map(({ label }) => label)).toEqual([
      "baseUri",
      "uri",
      "componentRecords",
      "applicationState",
    ]);
    const { message } = start.record;
    const state = message.kind === "invocation" ? message.arguments[3] : "";
    expect(String(state).length).toBeGreaterThan(20);
    expect(entryJson(start, parts)).not.toContain(String(state).slice(0, 20));
  });
});
