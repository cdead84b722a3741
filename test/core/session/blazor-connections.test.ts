import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import { blazorMessages } from "../../support/blazor-recording.ts";
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
});
