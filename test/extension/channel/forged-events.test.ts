import { describe, expect, test } from "vitest";
import { isReportedEvent } from "../../../extension/channel/capture-event-guard.ts";
import { isId, isListOf } from "../../../extension/channel/guards.ts";
import { MAX_PAYLOAD_SIZE } from "../../../extension/channel/limits.ts";
import { documentAddress } from "../../../extension/channel/sites.ts";

const at = 1;
const payload = { kind: "text", text: "{}" } as const;
const origin = { documentUrl: "http://host/", frame: "top" } as const;
const HONEST = [
  { type: "socket-opening", at, socket: "s", url: "ws://host/", origin },
  { type: "socket-failed", at, socket: "s" },
  { type: "socket-payload", at, socket: "s", direction: "in", payload },
  { type: "http-response", at, exchange: "e", status: 200, headers: { via: "x" } },
  { type: "http-response-body", at, exchange: "e", payload, isRewritten: true },
];

/** Of a page that has got hold of the node: sizes that nobody would count. */
describe("an event that a page has forged is refused", () => {
  test("unless it is what it says it is", () => {
    for (const event of HONEST) expect(isReportedEvent(event)).toBe(true);
  });

  test("with anything that has no name there", () => {
    const ballast = { ballast: "x".repeat(100_000) };
    for (const event of HONEST) expect(isReportedEvent({ ...event, ...ballast })).toBe(false);
    expect(isReportedEvent({ ...HONEST[2], payload: { ...payload, ...ballast } })).toBe(false);
    expect(isReportedEvent({ ...HONEST[0], origin: { ...origin, ...ballast } })).toBe(false);
  });

  test("with what the panel alone may say", () => {
    expect(isReportedEvent({ type: "document-ended", at, document: "d" })).toBe(true);
    expect(isReportedEvent({ type: "document-ended", at, document: "d", isUnrecorded: true })).toBe(false);
    expect(isReportedEvent({ type: "document-ended", at, document: "d", isOutOfSight: true })).toBe(false);
    expect(isReportedEvent({ type: "page-navigated", at, url: "http://host/" })).toBe(false);
    expect(isReportedEvent({ ...HONEST[0], origin: { ...origin, seenBy: "network-log" } })).toBe(false);
  });

  test("with a mark that is none", () => {
    for (const isRewritten of [false, 1, "x".repeat(100_000)])
      expect(isReportedEvent({ ...HONEST.at(-1), isRewritten })).toBe(false);
  });

  test("with what is too deep to be written as JSON", () => {
    let deep: unknown = {};
    for (let level = 0; level < 20_000; level++) deep = { deep };
    expect(isReportedEvent({ ...HONEST[1], deep })).toBe(false);
  });

  test("with endless names of headers", () => {
    const headers = { ["x".repeat(10_000)]: "" };
    expect(isReportedEvent({ ...HONEST[3], headers })).toBe(false);
  });

  test("with a list that has holes, which tests of lists pass over", () => {
    expect(isListOf(isId, 10)(new Array(3))).toBe(false);
    expect(isListOf(isId, 10)(["a", "b"])).toBe(true);
    expect(isReportedEvent({ ...HONEST[0], protocols: new Array(3) })).toBe(false);
  });

  test("with bytes that are a small part of more than may be kept", () => {
    const buffer = new ArrayBuffer(MAX_PAYLOAD_SIZE + 1);
    const bytes = new Uint8Array(buffer, 0, 1);
    expect(isReportedEvent({ ...HONEST[2], payload: { kind: "binary", bytes } })).toBe(false);
  });

  test("of a type that is a property of every object", () => {
    for (const type of ["toString", "__proto__", "constructor"])
      expect(isReportedEvent({ type, at })).toBe(false);
    expect(isReportedEvent({ ...HONEST[2], payload: { kind: "valueOf" } })).toBe(false);
  });
});

test("the address of a document that is its own address is told by its beginning", () => {
  const address = documentAddress(`data:text/html,${"x".repeat(200_000)}`);
  expect(address).toHaveLength(64 * 1024);
  expect(isReportedEvent({ ...HONEST[0], origin: { ...origin, documentUrl: address } })).toBe(true);
  expect(documentAddress("http://host/a?b=1#c")).toBe("http://host/a?b=1");
});
