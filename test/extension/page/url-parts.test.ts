import { describe, expect, test } from "vitest";
import { createHttpRecognition } from "../../../extension/page/http-recognition.ts";
import { hubPath, pathOf } from "../../../extension/page/url-parts.ts";
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
