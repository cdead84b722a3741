import { describe, expect, test } from "vitest";
import { parseNegotiateResponse } from "../../../core/src/wire/negotiate.ts";
import {
  isRefreshUrl,
  parseRefreshResponse,
  REFRESH_ERRORS,
  refreshUrl,
} from "../../../core/src/wire/refresh.ts";

describe("refreshUrl", () => {
  test.for([
    ["https://a/chat", "https://a/chat/refresh?id=t"],
    ["https://a/chat/", "https://a/chat/refresh?id=t"],
    ["wss://a/chat#top", "https://a/chat/refresh?id=t"],
    ["ws://a/chat?x=b%20c", "http://a/chat/refresh?x=b%20c&id=t"],
  ] as const)("%s", ([hub, expected]) => {
    const url = refreshUrl(hub, "t").href;
    expect(url).toBe(expected);
    expect(isRefreshUrl(url)).toBe(true);
  });

  test("the token is escaped, and what is no absolute URL throws a TypeError", () => {
    expect(refreshUrl("https://a/c", "+/=&").href).toBe("https://a/c/refresh?id=%2B%2F%3D%26");
    expect(() => refreshUrl("/chat", "t")).toThrow(TypeError);
  });
});

describe("isRefreshUrl", () => {
  test.for([
    "https://a/chat/refresh",
    "https://a/chat/refresh?id=",
    "https://a/chat/refresh?x=1#id=2",
    "https://a/refresher?id=1",
    "https://a/chat?id=/refresh",
    "",
  ])("not %s", (url) => {
    expect(isRefreshUrl(url)).toBe(false);
  });

  test("letter case, a slash at the end and the place of id do not count", () => {
    expect(isRefreshUrl("/chat/Refresh/?a=b&ID=1")).toBe(true);
  });
});

describe("parseRefreshResponse", () => {
  test.for([
    ['{"tokenLifetimeSeconds":3600}', { kind: "refreshed", tokenLifetimeSeconds: 3600 }],
    ["{}", { kind: "refreshed" }],
    [
      '{"connectionId":"c","refreshedAt":"2026-01-01T00:00:00Z","tokenLifetimeSeconds":60}',
      { kind: "refreshed", tokenLifetimeSeconds: 60 },
    ],
    ['{"tokenLifetimeSeconds":"60"}', { kind: "refreshed" }],
    ['{"tokenLifetimeSeconds":null}', { kind: "refreshed" }],
    ["[]", { kind: "other", status: 200 }],
    ["", { kind: "other", status: 200 }],
    ["<html>", { kind: "other", status: 200 }],
  ] as const)("200 %s", ([body, expected]) => {
    expect(parseRefreshResponse(200, body)).toStrictEqual(expected);
  });

  test.for(Object.entries(REFRESH_ERRORS))("%s, %d", ([error, status]) => {
    const body = JSON.stringify({ error, error_description: "why" });
    const refused = { kind: "refused", status, error, description: "why" };
    expect(parseRefreshResponse(status, body)).toStrictEqual(refused);
  });

  test.for([
    [400, '{"error":"new_code"}', { kind: "refused", status: 400, error: "new_code" }],
    [200, '{"error":"odd"}', { kind: "refused", status: 200, error: "odd" }],
    [405, "", { kind: "other", status: 405 }],
    [404, "Not found", { kind: "other", status: 404 }],
    [500, "{}", { kind: "other", status: 500 }],
    [400, '{"error":5}', { kind: "other", status: 400 }],
  ] as const)("%d %s", ([status, body, expected]) => {
    expect(parseRefreshResponse(status, body)).toStrictEqual(expected);
  });
});

describe("tokenLifetimeSeconds of negotiate", () => {
  const answer = (value: string) =>
    parseNegotiateResponse(
      `{"negotiateVersion":1,"connectionId":"c","connectionToken":"t","availableTransports":[],"tokenLifetimeSeconds":${value}}`,
    );

  test("is told in seconds", () => {
    expect(answer("3600")).toMatchObject({ kind: "accepted", tokenLifetimeSeconds: 3600 });
    expect(answer("0")).toMatchObject({ tokenLifetimeSeconds: 0 });
  });

  test.for(['"3600"', "null", "true", "{}"])("%s is no lifetime", (value) => {
    const accepted = answer(value);
    expect(accepted.kind).toBe("accepted");
    expect(accepted).not.toHaveProperty("tokenLifetimeSeconds");
  });
});
