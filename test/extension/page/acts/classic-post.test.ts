import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formText } from "../../../../core/src/wire/classic/form.ts";
import { classicRequest, formHeaders, formOf } from "../../../../extension/page/acts/classic-post.ts";

const COMMON = "clientProtocol=2.1&color=blue%20sky&connectionToken=a%2Bb%3D&connectionData=%5B%5D";
const SEND = `https://host/app/signalr/send?transport=serverSentEvents&${COMMON}`;
const KEY = "https://host/app/signalr?a%2Bb%3D";

describe("what the requests of a connection say of how it sends", () => {
  test.for([
    ["connect", `transport=serverSentEvents&${COMMON}&tid=3`],
    ["reconnect", `transport=serverSentEvents&groupsToken=g&messageId=d-1%2CB&${COMMON}&tid=10`],
    ["reconnect", `transport=serverSentEvents&${COMMON}&tid=10&frameId=1`],
    ["start", `transport=serverSentEvents&${COMMON}&_=1732233600000`],
    ["Abort", `transport=serverSentEvents&${COMMON}`],
    ["poll", `transport=serverSentEvents&${COMMON}#part`],
    ["send", `transport=serverSentEvents&${COMMON}&data=%7B%7D&callback=jQuery1&_=2`],
  ])("%s", ([action, query]) => {
    expect(classicRequest(`https://host/app/signalr/${action}?${query}`, "GET")).toEqual({
      key: KEY,
      sendUrl: SEND,
      isSend: false,
    });
  });

  test("a token in the address stays: it may be all that a page proves itself with", () => {
    const query = `transport=serverSentEvents&${COMMON}&access_token=jwt`;
    expect(classicRequest(`https://host/app/signalr/connect?${query}&tid=3`, "GET")?.sendUrl).toBe(
      `${SEND}&access_token=jwt`,
    );
  });

  test("a send request says it by itself, whatever its fields are called", () => {
    const url = `${SEND}&tid=of%20the%20page`;
    expect(classicRequest(url, "POST")).toEqual({ key: KEY, sendUrl: url, isSend: true });
  });

  test("an address that is polled itself, as in 1.0, is the base", () => {
    expect(classicRequest("https://host/echo/?transport=longPolling&connectionToken=t", "POST")).toEqual({
      key: "https://host/echo?t",
      sendUrl: "https://host/echo/send?transport=longPolling&connectionToken=t",
      isSend: false,
    });
  });

  test("before 1.0 the connection has its ID alone", () => {
    const url = "https://host/signalr/connect?transport=longPolling&connectionId=c1";
    expect(classicRequest(url, "GET")?.key).toBe("https://host/signalr?c1");
  });

  test.for([
    "https://host/hub?id=abc",
    "https://host/signalr/negotiate?clientProtocol=2.1&connectionToken=old",
    "https://host/signalr/ping?color=blue",
    "https://host/signalr/send?transport=&connectionToken=",
  ])("%s is no channel's", (url) => {
    expect(classicRequest(url, "GET")).toBeUndefined();
  });

  test("every send request of the recordings can be told from the requests before it", () => {
    const folder = new URL("../../../captures/classic/", import.meta.url);
    let compared = 0;
    for (const name of readdirSync(folder).filter((file) => /-(?:sse|ff|lp)\.ndjson$/.test(file))) {
      const derived = new Map<string, string>();
      for (const line of readFileSync(new URL(name, folder), "utf8").split("\n")) {
        const { kind, method, url } = JSON.parse(line || "{}") as Record<string, string>;
        if (kind !== "request" || url === undefined) continue;
        const request = classicRequest(`http://host${url}`, method ?? "");
        if (request === undefined) continue;
        const { key, isSend, sendUrl } = request;
        if (!isSend) derived.set(key, sendUrl);
        else if (derived.has(key)) {
          compared++;
          expect(derived.get(key)).toBe(sendUrl);
        }
      }
    }
    expect(compared).toBeGreaterThan(100);
  });
});

describe("a form", () => {
  test.for(["", "a b  c", "%20+&=", "ü “😀”\u2028", "~!*()'", '{"H":"hub","A":["\\u0000"]}'])(
    "of %j",
    (text) => {
      expect(formOf(text)).toBe(formText({ data: text }));
      expect(new URLSearchParams(formOf(text)).get("data")).toBe(text);
    },
  );

  test("has the type that the page gives its forms, and no other", () => {
    const own = "application/x-www-form-urlencoded";
    expect(formHeaders({ "content-type": own, "x-own": "1" })).toEqual({ "content-type": own, "x-own": "1" });
    for (const headers of [{}, { "content-type": "application/json" }])
      expect(formHeaders(headers)["content-type"]).toBe("application/x-www-form-urlencoded; charset=UTF-8");
  });
});
