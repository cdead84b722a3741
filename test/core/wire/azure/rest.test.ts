import { describe, expect, test } from "vitest";
import {
  REST_OPERATIONS,
  type RestGeneration,
  type RestOperationName,
  recogniseRest,
  restRequest,
} from "../../../../core/src/wire/azure/index.ts";
import vectors from "../../../vectors/azure-rest.json" with { type: "json" };

const CONTOSO = { endpoint: "https://contoso.service.signalr.net" };
const NAMES = Object.keys(REST_OPERATIONS) as RestOperationName[];

function isOperation(name: string): name is RestOperationName {
  return Object.hasOwn(REST_OPERATIONS, name);
}

describe("REST vectors", () => {
  test.for(vectors)("$name, modern", ({ name, segments, options, modern: { since, ...expected } }) => {
    if (!isOperation(name)) return expect.fail(`no operation ${name}`);
    expect(REST_OPERATIONS[name].since).toBe(since);
    const call = { hub: "Chat", segments, options };
    const request = restRequest(name, CONTOSO, { ...call, generation: "modern" });
    expect(request).toEqual({ kind: "request", ...expected });
  });

  test.for(vectors)("$name, version 1", ({ name, segments, options, v1 }) => {
    if (!isOperation(name)) return expect.fail(`no operation ${name}`);
    const request = restRequest(name, CONTOSO, { hub: "Chat", segments, options, generation: "v1" });
    expect(request).toEqual(
      v1 === null ? { kind: "refused", reason: "not-in-v1" } : { kind: "request", ...v1 },
    );
  });
});

const SEGMENTS = { user: "bob/../x", group: "room 1/a?b", connection: "c#1", stream: "s1" };

describe("every operation", () => {
  const all = NAMES.flatMap((name) =>
    (["modern", "v1"] as const)
      .filter((generation) => REST_OPERATIONS[name][generation] !== undefined)
      .map((generation): readonly [RestOperationName, RestGeneration] => [name, generation]),
  );

  test("there are 25, and version 1 has 15 of them", () => {
    expect(NAMES).toHaveLength(25);
    expect(all.filter(([, generation]) => generation === "v1")).toHaveLength(15);
  });

  test.for(all)("%s, %s: what is built is recognised, odd names included", ([name, generation]) => {
    const request = restRequest(name, CONTOSO, { hub: "Chat", generation, segments: SEGMENTS });
    if (request.kind !== "request") return expect.fail(request.reason);
    const { pathname } = new URL(request.url);
    expect(request.audience).toBe(`${CONTOSO.endpoint}${pathname}`);
    const recognised = recogniseRest(request.method, request.url);
    expect(recognised).toMatchObject({ operation: name, generation, hub: name === "health" ? "" : "chat" });
    for (const [segment, value] of Object.entries(recognised?.segments ?? {})) {
      expect(value).toBe(SEGMENTS[segment as keyof typeof SEGMENTS]);
    }
  });
});

describe("restRequest", () => {
  test("an older api-version than the operation is refused, a newer one is written", () => {
    const call = { hub: "h", generation: "modern", segments: SEGMENTS } as const;
    const old = restRequest("invokeConnection", CONTOSO, { ...call, apiVersion: "2023-07-01" });
    expect(old).toEqual({ kind: "refused", reason: "api-version", since: "2024-12-01" });
    const current = restRequest("broadcast", CONTOSO, { ...call, apiVersion: "2024-12-01" });
    expect(current).toMatchObject({ url: `${CONTOSO.endpoint}/api/hubs/h/:send?api-version=2024-12-01` });
  });

  test("a segment that is missing or empty is refused", () => {
    for (const segments of [{}, { user: "" }]) {
      expect(restRequest("userExists", CONTOSO, { hub: "h", generation: "v1", segments })).toEqual({
        kind: "refused",
        reason: "missing-segment",
        segment: "user",
      });
    }
  });

  test("a segment of dots is refused: an address cannot carry it", () => {
    for (const user of [".", ".."]) {
      const call = { hub: "h", generation: "v1", segments: { user } } as const;
      const refused = { kind: "refused", reason: "dots", segment: "user" };
      expect(restRequest("userExists", CONTOSO, call)).toEqual(refused);
    }
    const refused = { kind: "refused", reason: "dots", segment: "hub" };
    expect(restRequest("broadcast", CONTOSO, { hub: "..", generation: "v1" })).toEqual(refused);
    expect(restRequest("broadcast", CONTOSO, { hub: "", generation: "v1" })).toMatchObject({
      segment: "hub",
    });
    expect(restRequest("health", CONTOSO, { hub: "", generation: "v1" })).toMatchObject({ kind: "request" });
  });

  test("an option that the operation does not know is refused", () => {
    const options = { ttl: 5 };
    expect(restRequest("broadcast", CONTOSO, { hub: "h", generation: "v1", options })).toEqual({
      kind: "refused",
      reason: "unknown-option",
      option: "ttl",
    });
  });

  test("several excluded connections repeat the name", () => {
    const options = { excluded: ["a", "b&c"] };
    expect(restRequest("broadcast", CONTOSO, { hub: "h", generation: "v1", options })).toMatchObject({
      url: `${CONTOSO.endpoint}/api/v1/hubs/h?excluded=a&excluded=b%26c`,
      body: "message",
    });
  });

  test("the call goes to the server endpoint, the token is made out for the endpoint", () => {
    const endpoints = { endpoint: "http://localhost:8888", serverEndpoint: "http://inner:81/x" };
    expect(restRequest("broadcast", endpoints, { hub: "h", generation: "v1" })).toMatchObject({
      url: "http://inner:81/x/api/v1/hubs/h",
      audience: "http://localhost/api/v1/hubs/h",
    });
  });
});

describe("recogniseRest", () => {
  test.for([
    ["PATCH", "https://a/api/v1/hubs/h"],
    ["POST", "https://a/api/v1/hubs/h/users"],
    ["POST", "https://a/api/v1/hubs/h/users/"],
    ["PUT", "https://a/api/hubs/h/groups/g/users/u?api-version=2022-06-01"],
    ["GET", "https://a/api/hubs"],
    ["GET", "not a url"],
  ] as const)("%s %s is nothing of ours", ([method, url]) => {
    expect(recogniseRest(method, url)).toBeUndefined();
  });

  test("GET asks the same as HEAD, and a method's letter case does not count", () => {
    const expected = { operation: "userExists", generation: "v1", hub: "h", segments: { user: "a b" } };
    expect(recogniseRest("get", "https://a/api/v1/hubs/h/users/a%20b")).toEqual(expected);
  });

  test("a stray percent sign stands for itself", () => {
    expect(recogniseRest("HEAD", "https://a/api/v1/hubs/h/users/%zz")?.segments).toEqual({ user: "%zz" });
  });
});
