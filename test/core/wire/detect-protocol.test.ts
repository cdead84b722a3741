import { describe, expect, test } from "vitest";
import {
  isHandshakeRequest,
  isNegotiateUrl,
  looksLikeHubTraffic,
} from "../../../core/src/wire/detect-protocol.ts";
import { processorTime } from "../../support/processor-time.ts";
import json from "../../vectors/json-hub-protocol.json" with { type: "json" };
import messagePack from "../../vectors/messagepack-hub-protocol.json" with { type: "json" };
import { hex } from "./vector-values.ts";

const text = (content: string) => ({ kind: "text", text: content }) as const;
const binary = (content: string) => ({ kind: "binary", bytes: hex(content) }) as const;

describe("isHandshakeRequest", () => {
  test.for([
    '{"protocol":"json","version":1}\u001e',
    ' { "version" : 2, "protocol" : "messagepack" }\u001e{"type":6}\u001e',
    '{"protocol":"blazorpack","version":-1}\u001e',
  ])("%s is one", (request) => {
    expect(isHandshakeRequest(request)).toBe(true);
  });

  test.for([
    "",
    '{"protocol":"json","version":1}',
    "{}\u001e",
    '{"protocol":1,"version":1}\u001e',
    '{"type":1,"target":"x","arguments":[{"protocol":"json","version":1}]}\u001e',
    `{"pad":"${"x".repeat(5000)}","protocol":"json","version":1}\u001e`,
    "2probe",
  ])("%s is none", (other) => {
    expect(isHandshakeRequest(other)).toBe(false);
  });
});

/** Records that decode without an issue. */
const plainJson = json.filter(({ issues }) => issues.length > 0 && issues.flat().length === 0);

describe("looksLikeHubTraffic", () => {
  test("there are vectors to look at", () => {
    expect(plainJson.length).toBeGreaterThan(50);
  });

  test.for(plainJson)("JSON: $name", ({ wire }) => {
    expect(looksLikeHubTraffic(text(wire))).toBe(true);
  });

  test.for(messagePack.filter(({ issues }) => issues.length > 0 && issues.flat().length === 0))(
    "MessagePack: $name",
    ({ wire }) => {
      expect(looksLikeHubTraffic(binary(wire))).toBe(true);
    },
  );

  test.for([
    ["among other properties", '{"invocationId":"1","type":3,"result":{"a":"\\"}"}}\u001e', true],
    ["behind strings that hold brackets", '{"item":"[{\\\\","type" : 2 ,"invocationId":"1"}\u001e', true],
    ["only of what is within", '{"data":[{"type":1,"x":{}}],"y":{}}\u001e', false],
    ["only in a string", '{"data":"{\\"type\\":1,","y":0}\u001e', false],
    ["a string, not a name", '{"data":"type","y":1}\u001e', false],
  ] as const)("a type %s", ([, wire, isHub]) => {
    expect(looksLikeHubTraffic(text(wire))).toBe(isHub);
  });

  test("handshakes of both sides, in text and in bytes", () => {
    expect(looksLikeHubTraffic(text("{}\u001e"))).toBe(true);
    expect(looksLikeHubTraffic(text('{"error":"no } \\" really"}\u001e'))).toBe(true);
    expect(looksLikeHubTraffic(binary("7b 7d 1e 02 91 06"))).toBe(true);
    expect(looksLikeHubTraffic(text('{"protocol":"json","version":1}\u001e'))).toBe(true);
  });

  test.for([
    "",
    "hello",
    '{"type":6}',
    '{"type":"message","data":1}',
    '42["event",{}]',
    "{}",
    "\u001e",
    '["type",1]\u001e',
  ])("other text is not: %s", (other) => {
    expect(looksLikeHubTraffic(text(other))).toBe(false);
  });

  test.for(["", "00", "02 91", "02 91 0a", "05 01 02 03 04 05", "ff ff ff ff ff", "89 50 4e 47 0d 0a 1a 0a"])(
    "other bytes are not, or are too few to say: %s",
    (other) => {
      expect(looksLikeHubTraffic(binary(other))).toBe(false);
    },
  );

  test("a cut record that begins with a type is", () => {
    expect(looksLikeHubTraffic(binary("03 92 07"))).toBe(true);
  });

  test("an omitted payload says nothing", () => {
    expect(looksLikeHubTraffic({ kind: "omitted", reason: "too-large", size: 1 })).toBe(false);
  });

  test("a large payload that is something else is turned down in no time", () => {
    const started = processorTime();
    for (let turn = 0; turn < 100; turn++) {
      looksLikeHubTraffic(text(`${" ".repeat(1_000_000)}{`));
      looksLikeHubTraffic({ kind: "binary", bytes: new Uint8Array(1_000_000).fill(0x91) });
    }
    expect(processorTime() - started).toBeLessThan(5_000);
  });
});

describe("isNegotiateUrl", () => {
  test.for(["https://x/hub/negotiate", "https://x/hub/negotiate?negotiateVersion=1", "/hub/Negotiate/?a#b"])(
    "%s is one",
    (url) => {
      expect(isNegotiateUrl(url)).toBe(true);
    },
  );

  test.for(["https://x/hub", "https://x/renegotiate", "https://x/negotiate/now", "https://x/?p=/negotiate"])(
    "%s is none",
    (url) => {
      expect(isNegotiateUrl(url)).toBe(false);
    },
  );
});
