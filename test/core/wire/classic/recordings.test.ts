import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { encodeClassic } from "../../../../core/src/wire/classic/encode.ts";
import { escapeForFrame } from "../../../../core/src/wire/classic/forever-frame.ts";
import { classicHttpError } from "../../../../core/src/wire/classic/http-error.ts";
import { parseHubsScript } from "../../../../core/src/wire/classic/hubs-script.ts";
import { parseClassicNegotiateResponse } from "../../../../core/src/wire/classic/negotiate.ts";
import { resolveProtocol } from "../../../../core/src/wire/classic/protocol-version.ts";
import { parseSimpleResponse } from "../../../../core/src/wire/classic/response-body.ts";
import { type ClassicRecording, readClassicRecording } from "../../../support/classic-recording.ts";

const FOLDER = new URL("../../../captures/classic/", import.meta.url);
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ndjson"))
  .map((file) => file.slice(0, -".ndjson".length))
  .sort();

interface ExpectedExchange {
  readonly exchange: number;
  readonly method: string;
  readonly base: string;
  readonly action: string | null;
  readonly params: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly text?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

interface Expected {
  readonly connections: readonly {
    readonly connectionId: string;
    readonly connectionToken: string;
    readonly clientProtocol: string | null;
    readonly protocolVersion: string;
  }[];
  readonly http: readonly ExpectedExchange[];
  readonly messages: readonly unknown[];
}

const read = (file: string) => readFileSync(new URL(file, FOLDER), "utf8");
const recordings = new Map(names.map((name) => [name, readClassicRecording(read(`${name}.ndjson`))]));
const recording = (name: string): ClassicRecording => {
  return recordings.get(name) ?? { messages: [], exchanges: [], decoded: [] };
};
const expectedOf = (name: string) => JSON.parse(read(`${name}.expected.json`)) as Expected;

describe("recordings of a real classic server", () => {
  test("there are 61 of them, with 1424 messages", () => {
    expect(names).toHaveLength(61);
    expect(names.flatMap((name) => recording(name).messages)).toHaveLength(1424);
  });

  test.for(names)("%s decodes to its messages, replies with their calls", (name) => {
    expect(recording(name).messages).toEqual(expectedOf(name).messages);
  });

  test.for(names)("%s has the requests that its addresses say", (name) => {
    const { exchanges } = recording(name);
    for (const { exchange, method, base, action, params, status, text, body } of expectedOf(name).http) {
      const found = exchanges.find(({ id }) => id === exchange);
      if (found === undefined) return expect.fail(`no exchange ${exchange}`);
      const { address } = found;
      expect([found.method, address.base, found.status]).toEqual([method, base, status ?? 0]);
      expect(address.action === "receive" ? null : address.action).toBe(action);
      expect(address.params).toMatchObject(params);
      if (text !== undefined) expect(found.body).toBe(text);
      if (status !== undefined && status >= 400) {
        expect(classicHttpError(status, found.body, found.reason), found.body).toBeDefined();
      }
      if (action === "start" || action === "ping") {
        expect(parseSimpleResponse(found.body)).toBe(body?.["Response"]);
      }
    }
    return undefined;
  });

  test.for(names)("%s negotiates the connections that it has", (name) => {
    const negotiated = recording(name).exchanges.flatMap(({ address, body, status }) => {
      if (address.action !== "negotiate" || status !== 200) return [];
      const response = parseClassicNegotiateResponse(body);
      if (response.kind !== "accepted") return expect.fail(response.kind);
      const { connectionId, connectionToken, protocolVersion } = response;
      const asked = address.params["clientProtocol"] ?? null;
      expect(protocolVersion, `asked for ${asked}`).toBe(resolveProtocol(asked ?? ""));
      return [{ connectionId, connectionToken, clientProtocol: asked, protocolVersion }];
    });
    expect(negotiated).toEqual(
      expectedOf(name).connections.map(
        ({ connectionId, connectionToken, clientProtocol, protocolVersion }) => {
          return { connectionId, connectionToken, clientProtocol, protocolVersion };
        },
      ),
    );
  });

  test("what is odd is said, and nothing else is", () => {
    const odd = names.flatMap((name) =>
      recording(name).decoded.flatMap(({ decoded }) =>
        decoded.issues.map(({ code, field }) => [name, code, field].join(" ").trim()),
      ),
    );
    expect(odd).toEqual([
      "raw-http-errors never-answered H",
      "raw-send-bad-lp lenient-json",
      "raw-send-bad-lp never-answered H",
      "raw-send-bad-lp never-answered",
      "raw-send-bad-lp never-answered",
      "raw-ws-bad-binary wrong-payload-type",
      "raw-ws-bad-not-json lenient-json",
      "raw-ws-shapes unusual-field I",
      "raw-ws-shapes unusual-field I",
      "raw-ws-shapes unusual-field S",
    ]);
  });

  test("encoding what was decoded gives the recorded text, but for doubles that end in .0 and for oddities", () => {
    const different: string[] = [];
    let same = 0;
    for (const name of names) {
      for (const { text, direction, decoded } of recording(name).decoded) {
        const { message } = decoded;
        if (message.kind === "undecodable" || message.kind === "frame-initialised") continue;
        const like = text.startsWith('{"I"') ? "dotnet" : "javascript";
        const written = encodeClassic(message, direction === "out" ? like : "dotnet");
        // A double keeps its value, not its spelling.
        const wire = text.replace(/(?<=[:[,]-?\d+)\.0(?=[,\]}])/g, "");
        if (written === wire || escapeForFrame(written) === wire) same += 1;
        else different.push(`${name}: ${text.slice(0, 80)}`);
      }
    }
    expect(different).toEqual([
      'raw-ws-shapes: {"h":"wirehub","m":"text","a":["lower"],"i":1}',
      'raw-ws-shapes:   {"H" : "wirehub" ,\n"M":"Text","A":["spaces"],"I":2}  ',
      'raw-ws-shapes: {"H":"wirehub","M":"Text","A":["null I"],"I":null}',
    ]);
    expect(same).toBe(1409);
  });
});

describe("the proxy script of a real server", () => {
  const script = recording("generated-proxy").exchanges.find(
    ({ address }) => address.action === "hubs",
  )?.body;

  test("names its hubs, their methods and the parameters", () => {
    const { hubs, serviceUrl, isDisabled } = parseHubsScript(script ?? "");
    expect(isDisabled).toBe(false);
    expect(serviceUrl).toBe("/signalr");
    expect(hubs.map(({ name, methods }) => [name, methods.length])).toEqual([
      ["openHub", 3],
      ["secretHub", 1],
      ["typedHub", 3],
      ["wireHub", 59],
      ["with-dash", 1],
    ]);
    const methods = hubs.flatMap((hub) => hub.methods);
    expect(methods).toContainEqual({
      name: "Add",
      property: "add",
      parameters: [{ name: "a" }, { name: "b" }],
    });
    expect(methods).toContainEqual({ name: "Throw", property: "throw", parameters: [{ name: "m" }] });
    expect(methods).toContainEqual({ name: "renamed_method", property: "renamed_method", parameters: [] });
    // Every wire name is the property with its first letter raised, but for the one that was renamed.
    for (const { name, property } of methods) {
      expect(`${property?.[0]?.toUpperCase()}${property?.slice(1)}`.toLowerCase()).toBe(name.toLowerCase());
    }
  });
});
