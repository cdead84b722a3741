import { describe, expect, test } from "vitest";
import {
  checkAccessToken,
  isSignedWith,
  isUpstreamSignature,
  MAX_TOKEN_LENGTH,
  readAccessToken,
  signAccessToken,
  type TokenAlgorithm,
  upstreamSignature,
} from "../../../../core/src/wire/azure/index.ts";
import vectors from "../../../vectors/azure-tokens.json" with { type: "json" };
import signatures from "../../../vectors/azure-upstream-signatures.json" with { type: "json" };

const KEY = "itC9AhZQHB+ZVdviv0ZybtsF2lug8ZycyqZxFKoh0vE=";
const CLIENT_URL = "https://contoso.service.signalr.net/client/?hub=chat";
const WHILE_VALID = 1_700_000_001_000;

function algorithmOf(text: string): TokenAlgorithm {
  return text === "HS512" ? "HS512" : "HS256";
}

describe("token vectors", () => {
  test.for(vectors)("$name is read", ({ token, header, claims }) => {
    const read = readAccessToken(token);
    expect(read).toMatchObject({
      kind: "token",
      header,
      claims,
      algorithm: header.alg,
      length: token.length,
      audiences: [claims.aud],
      issuedAt: 1_700_000_000_000,
      expiresAt: 1_700_003_600_000,
      isSigned: true,
    });
    expect(JSON.stringify(read)).not.toContain(token.split(".")[2]);
  });

  test.for(vectors)("$name is signed", async ({ name, token, header, claims, key }) => {
    const algorithm = algorithmOf(header.alg);
    const { kid } = header as { readonly kid?: string };
    const signed = await signAccessToken(claims, key, {
      algorithm,
      ...(kid !== undefined && { keyId: kid }),
    });
    // The trap is signed with what the key decodes to; everything before the signature is the same.
    const isTrap = name.startsWith("TRAP");
    if (isTrap) expect(signed).not.toBe(token);
    else expect(signed).toBe(token);
    expect(signed.split(".").slice(0, 2)).toEqual(token.split(".").slice(0, 2));
    expect(await isSignedWith(token, key, algorithm)).toBe(!isTrap);
    expect(await isSignedWith(token, `${key}x`, algorithm)).toBe(false);
  });
});

describe("upstream signature vectors", () => {
  test.for(signatures)("$name", async ({ key, connectionId, header }) => {
    expect(await upstreamSignature(key, connectionId)).toBe(header);
    const both = `sha256=${"0".repeat(64)}, ${header.toUpperCase().replace("SHA256", "sha256")}`;
    expect(await isUpstreamSignature(both, key, connectionId)).toBe(true);
    expect(await isUpstreamSignature(header, key, `${connectionId}x`)).toBe(false);
    expect(await isUpstreamSignature(header.slice(0, -2), key, connectionId)).toBe(false);
    expect(await isUpstreamSignature("", key, connectionId)).toBe(false);
  });
});

function part(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function tokenOf(claims: object, header: object = { alg: "HS256" }, signature = "c2ln"): string {
  return `${part(JSON.stringify(header))}.${part(JSON.stringify(claims))}.${signature}`;
}

describe("readAccessToken", () => {
  test.for([
    ["", "empty"],
    ["  Bearer ", "parts"],
    ["opaque", "parts"],
    ["a.b", "parts"],
    ["a.b.c.d.e", "encrypted"],
    ["a.b.c.d.e.f", "parts"],
    [`!.${part("{}")}.x`, "header"],
    [`${part("[]")}.${part("{}")}.x`, "header"],
    [`${part("{}")}..x`, "payload"],
    [`${part("{}")}.${part("no")}.x`, "payload"],
    [`${part("{}")}.${Buffer.from([0x7b, 0xff, 0x7d]).toString("base64url")}.x`, "payload"],
  ] as const)("%s: %s", ([text, fault]) => {
    expect(readAccessToken(text)).toEqual({ kind: "no-token", fault });
  });

  test("the user is asrs.s.uid before nameid before sub", () => {
    const claims = { sub: "c", nameid: "b", "asrs.s.uid": "a" };
    expect(readAccessToken(tokenOf(claims))).toMatchObject({ userId: "a" });
    expect(readAccessToken(tokenOf({ sub: "c", nameid: "b" }))).toMatchObject({ userId: "b" });
    expect(readAccessToken(tokenOf({ sub: "c" }))).toMatchObject({ userId: "c" });
  });

  test("claims of other types say nothing, and Bearer before it does not count", () => {
    const read = readAccessToken(`Bearer ${tokenOf({ exp: "soon", aud: ["a", 1], sub: 5 }, {}, "")}`);
    expect(read).toMatchObject({ kind: "token", algorithm: "", audiences: ["a"], isSigned: false });
    expect(read).not.toHaveProperty("expiresAt");
    expect(read).not.toHaveProperty("userId");
  });

  test("a claim named __proto__ is a claim", () => {
    const token = `${part("{}")}.${part('{"__proto__":{"sub":"x"}}')}.x`;
    const read = readAccessToken(token);
    expect(read).not.toHaveProperty("userId");
    expect(read.kind === "token" && Object.keys(read.claims)).toEqual(["__proto__"]);
  });
});

function codes(claims: object, url?: string, now = WHILE_VALID): readonly string[] {
  const read = readAccessToken(tokenOf(claims));
  if (read.kind !== "token") throw new Error(`no token: ${read.fault}`);
  return checkAccessToken(read, { now, ...(url !== undefined && { url }) }).map(({ code }) => code);
}

const GOOD = { aud: CLIENT_URL, iat: 1_700_000_000, exp: 1_700_003_600, nameid: "alice" };

describe("checkAccessToken", () => {
  test("a token of the documentation's form has nothing wrong", () => {
    expect(codes(GOOD, CLIENT_URL)).toEqual([]);
    expect(codes(GOOD)).toEqual([]);
  });

  test.for([
    ["expired", { ...GOOD, exp: 1_700_000_001 }],
    ["not-yet-valid", { ...GOOD, nbf: 1_700_000_002 }],
    ["no-expiry", { ...GOOD, exp: undefined }],
    ["long-lifetime", { ...GOOD, exp: 1_700_086_401 }],
    ["no-audience", { ...GOOD, aud: undefined }],
    ["no-user", { ...GOOD, nameid: undefined }],
    ["rest-token-for-client", { ...GOOD, aud: "https://contoso.service.signalr.net/api/v1/hubs/chat" }],
    ["other-audience", { ...GOOD, aud: "https://contoso.service.signalr.net/client/?hub=other" }],
    ["other-audience", { ...GOOD, aud: "https://contoso.service.signalr.net/client/?hub=chat&x=1" }],
    ["other-audience", { ...GOOD, aud: "https://contoso.service.signalr.net/client/" }],
    ["other-host", { ...GOOD, aud: "https://fabrikam.service.signalr.net/client/?hub=chat" }],
    ["hub-not-lower-case", { ...GOOD, aud: "https://contoso.service.signalr.net/client/?hub=Chat" }],
    ["too-long", { ...GOOD, x: "y".repeat(MAX_TOKEN_LENGTH) }],
    ["nearly-too-long", { ...GOOD, x: "y".repeat(2500) }],
  ] as const)("%s: %o", ([code, claims]) => {
    expect(codes(claims, CLIENT_URL)).toEqual([code]);
  });

  test("exactly at its end a token has expired, and a day is not too long", () => {
    expect(codes(GOOD, CLIENT_URL, 1_700_003_599_999)).toEqual([]);
    expect(codes(GOOD, CLIENT_URL, 1_700_003_600_000)).toEqual(["expired"]);
    expect(codes({ ...GOOD, exp: 1_700_086_400 }, CLIENT_URL)).toEqual([]);
  });

  test.for([
    "wss://contoso.service.signalr.net/client/?hub=chat&asrs.op=%2Fhub&id=secret",
    "https://contoso.service.signalr.net/client/negotiate?hub=chat&negotiateVersion=1",
    "https://contoso.service.signalr.net:444/client/?hub=Chat",
  ])("of the address %s only endpoint and hub count", (url) => {
    expect(codes(GOOD, url)).toEqual([]);
  });

  test("an audience with a port fits an address with the same port only", () => {
    const claims = { ...GOOD, aud: "http://localhost:8888/client/?hub=chat" };
    expect(codes(claims, "http://localhost:8888/client/?hub=chat")).toEqual([]);
    expect(codes(claims, "http://localhost:9999/client/?hub=chat")).toEqual(["other-host"]);
  });

  test("a REST call takes its own audience, with or without the query that it was signed with", () => {
    const url = "https://contoso.service.signalr.net/api/hubs/chat/:send?api-version=2022-06-01";
    const [path = ""] = url.split("?");
    expect(codes({ ...GOOD, aud: path }, url)).toEqual([]);
    expect(codes({ ...GOOD, aud: url }, url)).toEqual([]);
    expect(codes(GOOD, url)).toEqual(["client-token-for-rest"]);
    expect(codes({ ...GOOD, aud: `${path}x` }, url)).toEqual(["other-audience"]);
  });

  test("a classic client's audience names no hub", () => {
    const url = "https://contoso.service.signalr.net/aspnetclient/connect?transport=webSockets";
    expect(codes({ ...GOOD, aud: "https://contoso.service.signalr.net/aspnetclient" }, url)).toEqual([]);
    expect(codes(GOOD, url)).toEqual(["other-audience"]);
  });

  test("no signature and other algorithms are told", () => {
    const told = (header: object, signature?: string) => {
      const read = readAccessToken(tokenOf(GOOD, header, signature));
      return read.kind === "token" ? checkAccessToken(read, { now: WHILE_VALID }) : undefined;
    };
    expect(told({ alg: "RS256" })).toEqual([{ code: "unknown-algorithm", detail: "RS256" }]);
    expect(told({ alg: "none" }, "")).toEqual([{ code: "unsigned" }]);
  });

  test("times beyond all dates are shown in seconds", () => {
    const read = readAccessToken(tokenOf({ ...GOOD, exp: -1e15 }));
    const issues = read.kind === "token" ? checkAccessToken(read, { now: 0 }) : [];
    expect(issues).toContainEqual({ code: "expired", detail: "-1000000000000000 s" });
  });
});

describe("signing", () => {
  test("an empty key is refused by the platform", async () => {
    await expect(signAccessToken({}, "")).rejects.toThrow();
  });

  test("what is no token is signed by nobody", async () => {
    for (const text of ["", "a.b", "a.b.", "a.b.!"]) expect(await isSignedWith(text, KEY)).toBe(false);
  });
});
