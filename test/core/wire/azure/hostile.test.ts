import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkAccessToken,
  isAzureServiceUrl,
  isUpstreamSignature,
  parseConnectionString,
  parseServiceUrl,
  type RestOperationName,
  readAccessToken,
  recogniseRest,
  restRequest,
} from "../../../../core/src/wire/azure/index.ts";
import { isRefreshUrl, parseRefreshResponse } from "../../../../core/src/wire/refresh.ts";

/** Pieces that steer into every branch, between text of any kind. */
function texts(...pieces: readonly string[]): fc.Arbitrary<string> {
  const any = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 8 }));
  return fc.array(any, { maxLength: 12 }).map((parts) => parts.join(""));
}

const url = texts(
  ...[
    "https://",
    "wss://",
    "a.service.signalr.net",
    ":80",
    "/client/",
    "/negotiate",
    "/aspnetclient",
    "/server",
  ],
  ...["/api", "/v1", "/hubs/", "/users/", "/:send", "?", "&", "hub=", "asrs.op=", "#", "%", "%zz", "/", "//"],
);

describe("odd input", () => {
  test("no address throws, and what is recognised as the service's is told apart", () => {
    fc.assert(
      fc.property(url, fc.constantFrom("GET", "POST", "x"), (text, method) => {
        const target = parseServiceUrl(text);
        if (target.kind === "client") expect(isAzureServiceUrl(text) || target.hub !== "").toBe(true);
        const call = recogniseRest(method, text);
        if (call !== undefined) expect(target.kind).toBe("rest");
        isRefreshUrl(text);
      }),
      { numRuns: 3000 },
    );
  });

  test("a connection string is read or has a fault with words", () => {
    const text = texts(
      "Endpoint=",
      "https://a",
      "AccessKey=",
      "AuthType=",
      "azure.app",
      "Port=",
      "8",
      ";",
      "=",
    );
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseConnectionString(input);
        if (parsed.kind === "fault") expect(parsed.message).not.toBe("");
        else expect(parsed.endpoint).toMatch(/^https?:\/\/.*[^/]$/);
      }),
      { numRuns: 3000 },
    );
  });

  test("a token is read or not, and checking it does not throw", () => {
    const json = fc.json().map((text) => Buffer.from(text).toString("base64url"));
    const part = fc.oneof(json, fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), url, fc.double(), (parts, address, now) => {
        const token = readAccessToken(parts.join("."));
        if (token.kind === "token") checkAccessToken(token, { now, url: address });
        else expect(["empty", "parts", "encrypted", "header", "payload"]).toContain(token.fault);
      }),
      { numRuns: 2000 },
    );
  });

  test("any name goes through a REST address and comes back", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1 });
    const operation: RestOperationName = "userInGroup";
    fc.assert(
      fc.property(name, name, (user, group) => {
        const segments = { user, group };
        const request = restRequest(
          operation,
          { endpoint: "https://a" },
          { hub: "h", generation: "v1", segments },
        );
        if (request.kind === "refused") {
          expect(request.reason).toBe("dots");
          expect(Object.values(segments).some((segment) => /^\.{1,2}$/.test(segment))).toBe(true);
          return;
        }
        expect(new URL(request.url).pathname.split("/")).toHaveLength(9);
        expect(recogniseRest(request.method, request.url)).toMatchObject({ operation, segments });
      }),
      { numRuns: 1000 },
    );
  });

  test("a refresh is answered, whatever comes", () => {
    fc.assert(
      fc.property(fc.integer(), fc.oneof(fc.json(), fc.string({ unit: "binary" })), (status, body) => {
        expect(["refreshed", "refused", "other"]).toContain(parseRefreshResponse(status, body).kind);
      }),
    );
  });

  test("a header of any kind is no signature", async () => {
    await fc.assert(
      fc.asyncProperty(texts("sha256=", "0".repeat(64), ",", " "), async (header) => {
        expect(await isUpstreamSignature(header, "key", "id")).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

/** Twice as long may cost some more than twice the time; what grows with the square never ends at this length. */
const LONG = 400_000;

describe("long input ends", () => {
  test.for([
    ["slashes", `https://a/${"/".repeat(LONG)}x`],
    ["REST paths and a line feed", `${"/api/hubs/".repeat(LONG / 10)}\n`],
    ["client paths", "/client/negotiate".repeat(LONG / 17)],
    ["query", `https://a/client/?hub=${"&hub=".repeat(LONG / 5)}`],
    ["host", `https://${":1".repeat(LONG / 2)}x`],
    ["escapes", `https://a/api/v1/hubs/${"%".repeat(LONG)}`],
  ] as const)("an address of %s", ([, text]) => {
    expect(parseServiceUrl(text).kind).toBeDefined();
    expect(recogniseRest("GET", text)).toBeUndefined();
    expect(isRefreshUrl(text)).toBe(false);
  });

  test.for([
    ["slashes", `Endpoint=https://a/${"/".repeat(LONG)}x;AccessKey=k`, "parsed"],
    ["version", `Endpoint=https://a;AccessKey=k;Version=1.${"1".repeat(LONG)}!`, "fault"],
    ["separators", ";=".repeat(LONG / 2), "fault"],
  ] as const)("a connection string of %s", ([, text, kind]) => {
    expect(parseConnectionString(text).kind).toBe(kind);
  });

  test.for([
    ["points", ".".repeat(LONG)],
    ["brackets", `${Buffer.from("[".repeat(LONG)).toString("base64url")}.e30.x`],
  ] as const)("a token of %s", ([, text]) => {
    expect(readAccessToken(text).kind).toBe("no-token");
  });
});
