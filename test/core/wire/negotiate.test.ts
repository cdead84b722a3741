import { describe, expect, test } from "vitest";
import { connectUrl, negotiateUrl, parseNegotiateResponse } from "../../../core/src/wire/negotiate.ts";
import vectors from "../../vectors/negotiate.json" with { type: "json" };

describe("negotiate vectors", () => {
  test.for(vectors)("$name", ({ body, response }) => {
    expect(parseNegotiateResponse(body)).toStrictEqual(response);
  });
});

describe("parseNegotiateResponse", () => {
  test("version 1 tells the secret token from the public ID", () => {
    const body = JSON.stringify({
      negotiateVersion: 1,
      connectionId: "public",
      connectionToken: "secret",
      availableTransports: [{ transport: "WebSockets", transferFormats: ["Text", "Binary"] }],
      useStatefulReconnect: true,
      tokenLifetimeSeconds: 3600,
    });
    expect(parseNegotiateResponse(body)).toStrictEqual({
      kind: "accepted",
      version: 1,
      connectionId: "public",
      connectionToken: "secret",
      transports: [{ transport: "WebSockets", transferFormats: ["Text", "Binary"] }],
      useStatefulReconnect: true,
      tokenLifetimeSeconds: 3600,
    });
  });

  test("an error outweighs everything else in the answer", () => {
    expect(parseNegotiateResponse('{"error":"no","url":"http://x"}')).toEqual({ kind: "error", error: "no" });
  });

  test.for([
    ["classic", '{"Url":"/signalr","ConnectionToken":"t","ProtocolVersion":"1.5"}'],
    ["html", "<!DOCTYPE html><title>Log in</title>"],
    ["html", "\ufeff\n<html>"],
    ["empty", " \n"],
    ["not-json", "Not found"],
    ["other-json", "[]"],
    ["other-json", '{"status":"ok"}'],
    ["other-json", '"text"'],
  ] as const)("%s: %s", ([reason, body]) => {
    expect(parseNegotiateResponse(body)).toEqual({ kind: "not-signalr", reason });
  });
});

describe("negotiateUrl", () => {
  // From a run of the official client 10.0.11.
  test.for([
    ["http://tempuri.org/endpoint/", "http://tempuri.org/endpoint/negotiate?negotiateVersion=1"],
    ["http://tempuri.org/endpoint", "http://tempuri.org/endpoint/negotiate?negotiateVersion=1"],
    [
      "http://tempuri.org/endpoint?q=my/Data",
      "http://tempuri.org/endpoint/negotiate?q=my%2FData&negotiateVersion=1",
    ],
    ["http://tempuri.org/?a=b%20c", "http://tempuri.org/negotiate?a=b+c&negotiateVersion=1"],
    ["http://tempuri.org/e?negotiateVersion=0", "http://tempuri.org/e/negotiate?negotiateVersion=0"],
  ] as const)("%s", ([hub, expected]) => {
    expect(negotiateUrl(hub).href).toBe(expected);
  });

  test("stateful reconnect is asked for once", () => {
    const plain = "http://x/h/negotiate?negotiateVersion=1&useStatefulReconnect=true";
    expect(negotiateUrl("http://x/h", { statefulReconnect: true }).href).toBe(plain);
    const own = "http://x/h/negotiate?useStatefulReconnect=true&negotiateVersion=1";
    expect(negotiateUrl("http://x/h?useStatefulReconnect=true", { statefulReconnect: true }).href).toBe(own);
  });

  test("what is no absolute URL throws a TypeError", () => {
    expect(() => negotiateUrl("/hub")).toThrow(TypeError);
  });
});

describe("connectUrl", () => {
  test.for([
    ["http://x/h", {}, "ws://x/h"],
    ["https://x/h?a=b%20c", { token: "t-_" }, "wss://x/h?a=b%20c&id=t-_"],
    ["https://x/h", { token: "t", accessToken: "a b&c" }, "wss://x/h?id=t&access_token=a%20b%26c"],
    ["wss://x/h", { accessToken: "a" }, "wss://x/h?access_token=a"],
    ["http://x/h#top", { token: "t" }, "ws://x/h?id=t"],
  ] as const)("%s with %o", ([hub, options, expected]) => {
    expect(connectUrl(hub, options).href).toBe(expected);
  });
});
