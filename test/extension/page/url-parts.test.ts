import { describe, expect, test } from "vitest";
import { createHttpRecognition } from "../../../extension/page/http-recognition.ts";
import { hubPath, pathOf, queryValues, withPort } from "../../../extension/page/url-parts.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("parts of an address", () => {
  test("the path ends before query, fragment and its last slashes", () => {
    expect(pathOf("https://host/hub//?id=1#x")).toBe("https://host/hub");
    expect(pathOf("https://host/hub#/a")).toBe("https://host/hub");
    expect(pathOf("///")).toBe("");
  });

  test("a hub has one path for http and ws", () => {
    expect(hubPath("wss://host:81/hub/?id=1")).toBe("host:81/hub");
    expect(hubPath("HTTPS://host:81/hub")).toBe("host:81/hub");
  });

  test.for([
    ["https://h/hub?a=1&ID=tok%2F&id=x#&id=y", ["tok%2F", "x"]],
    ["https://h/hub?id=&id&xid=1&=2&id==", ["="]],
    ["https://h/id=1", []],
    ["https://h/#?id=1", []],
  ] as const)("the values of %s by their name", ([url, values]) => {
    expect(queryValues(url, ["id"])).toEqual(values);
  });

  test("a row of fields costs no more than its length", () => {
    const start = processorTime();
    for (const filler of ["&".repeat(60_000), "=&".repeat(30_000), `${"&".repeat(60_000)}=`])
      expect(queryValues(`https://host/hub?${filler}`, ["id"])).toEqual([]);
    expect(processorTime() - start).toBeLessThan(500);
  });

  test.for([
    ["ws://host/hub?id=1", "ws://host:1/hub?id=1"],
    ["wss://host:8080/a:9/", "wss://host:1/a:9/"],
    ["ws://127.0.0.1/", "ws://127.0.0.1:1/"],
    ["ws://[::1]/", "ws://[::1]:1/"],
    ["ws://[::1]:80/x", "ws://[::1]:1/x"],
    ["ws://user:12@host/", "ws://user:12@host:1/"],
    ["ws://host?x", "ws://host:1?x"],
  ] as const)("%s at port 1", ([url, instead]) => {
    expect(withPort(url, 1)).toBe(instead);
  });

  test("a row of slashes costs no more than its length", () => {
    const { recognise } = createHttpRecognition(JSON.parse);
    const start = processorTime();
    recognise({ method: "GET", url: `https://host/a${"/".repeat(60_000)}x` });
    // One look at each slash for each slash takes seconds.
    expect(processorTime() - start).toBeLessThan(500);
  });

  test("an address that no event could carry is not recognised", () => {
    const { recognise } = createHttpRecognition(JSON.parse);
    const url = `https://host/${"x".repeat(70_000)}/negotiate`;
    expect(recognise({ method: "POST", url })).toBeUndefined();
    expect(recognise({ method: "POST", url: "https://host/negotiate" })?.purpose).toBe("negotiate");
  });
});
