import { describe, expect, test } from "vitest";
import { fromActPayload, isPageAct, type PageAct, toActPayload } from "../../../extension/channel/acts.ts";
import { isReportedEvent } from "../../../extension/channel/capture-event-guard.ts";
import { MAX_PAYLOAD_SIZE } from "../../../extension/channel/limits.ts";
import { fromWire, toWire } from "../../../extension/channel/wire-event.ts";

const PAYLOAD = { kind: "text", text: "x" } as const;

const ACTS: readonly PageAct[] = [
  { kind: "send", carrier: "a-1", payload: PAYLOAD, takesAnswers: true, cancel: PAYLOAD },
  { kind: "simulate", carrier: "a-1", payload: { kind: "base64", base64: "AQ==" } },
  { kind: "cut", carrier: "a-1" },
  { kind: "close", carrier: "a-1", code: 3000, reason: "bye" },
  {
    kind: "faults",
    faults: [
      { id: "1", kind: "drop", direction: "in", share: 0.5, delay: 0, target: "T", carriers: ["a-1"] },
      { id: "2", kind: "silence" },
      { id: "3", kind: "refuse", known: ["http://h/hub"], times: 2, elsewhere: 0 },
    ],
  },
];

describe("acts on their way to the page", () => {
  test.for(ACTS)("$kind passes, also as the text that it is on the last hop", (act) => {
    expect(isPageAct(act)).toBe(true);
    expect(isPageAct(JSON.parse(JSON.stringify(act)))).toBe(true);
  });

  test.for(ACTS)("$kind with a field of another kind does not", (act) => {
    for (const name of Object.keys(act)) {
      if (name === "cancel") continue;
      for (const wrong of [undefined, null, 7.5, {}, [{}], "x".repeat(MAX_PAYLOAD_SIZE + 1)])
        expect(isPageAct({ ...act, [name]: wrong }), `${name} ${String(wrong).slice(0, 20)}`).toBe(false);
    }
  });

  test("what is no object of any kind does not", () => {
    for (const wrong of [undefined, null, "cut", [], { kind: "toString" }, { kind: "__proto__" }])
      expect(isPageAct(wrong)).toBe(false);
  });

  test("payloads come back as they were, unless they are too large or not there", () => {
    const bytes = new Uint8Array([0, 1, 254, 255]);
    const wired = toActPayload({ kind: "binary", bytes });
    expect(wired === undefined ? undefined : fromActPayload(wired)).toEqual(bytes);
    expect(toActPayload({ kind: "text", text: "ü" })).toEqual({ kind: "text", text: "ü" });
    expect(toActPayload({ kind: "text", text: "x".repeat(MAX_PAYLOAD_SIZE + 1) })).toBeUndefined();
    expect(toActPayload({ kind: "binary", bytes: new Uint8Array(MAX_PAYLOAD_SIZE + 1) })).toBeUndefined();
    expect(toActPayload({ kind: "omitted", reason: "unreadable", size: 1 })).toBeUndefined();
    expect(fromActPayload({ kind: "base64", base64: "*" })).toBeUndefined();
  });
});

describe("marks of acts on their way to the panel", () => {
  const event = { type: "socket-payload", at: 1, socket: "s", direction: "in", payload: PAYLOAD } as const;

  test.for(["sent", "simulated", "dropped", "delayed", "reordered"] as const)("%s arrives", (act) => {
    expect(fromWire(toWire({ ...event, act }, "base64"))).toEqual({ ...event, act });
  });

  test("a mark that is none does not", () => {
    expect(isReportedEvent({ ...event, act: "eaten" })).toBe(false);
    expect(isReportedEvent({ ...event, act: 1 })).toBe(false);
  });
});
