import { describe, expect, test } from "vitest";
import { originOfSwitch, switchOf } from "../../../extension/channel/off-switch.ts";
import { originPattern, patternCovers, webOrigin } from "../../../extension/channel/sites.ts";

describe("origins", () => {
  test.for([
    ["http://localhost:5000/a?b#c", "http://localhost:5000"],
    ["https://example.com:443/", "https://example.com"],
    ["http://[::1]:80/", "http://[::1]"],
    ["about:blank", undefined],
    ["null", undefined],
    ["file:///etc/passwd", undefined],
    ["data:text/html,x", undefined],
  ] as const)("%s has the web origin %s", ([url, expected]) => {
    expect(webOrigin(url)).toBe(expected);
  });

  test("an origin's own pattern names its port, also the one that goes without saying", () => {
    expect(originPattern("http://localhost:5000")).toBe("http://localhost:5000/*");
    expect(originPattern("https://example.com")).toBe("https://example.com:443/*");
    expect(originPattern("http://[::1]")).toBe("http://[::1]:80/*");
    expect(originPattern("null")).toBeUndefined();
  });

  test("a key of the storage is an off switch only by its prefix", () => {
    expect(originOfSwitch(switchOf("http://localhost:5000"))).toBe("http://localhost:5000");
    expect(originOfSwitch("http://localhost:5000")).toBeUndefined();
  });
});

describe("what a granted pattern covers", () => {
  test.for([
    ["https://example.com/*", "https://example.com", true],
    ["https://example.com/*", "https://example.com:8443", true],
    ["https://example.com/*", "http://example.com", false],
    ["https://example.com/*", "https://www.example.com", false],
    ["*://*.example.com/*", "http://www.example.com:81", true],
    ["*://*.example.com/*", "https://example.com", true],
    ["*://*.example.com/*", "https://notexample.com", false],
    ["*://*.localhost/*", "http://localhost:5000", true],
    ["*://[::1]/*", "http://[::1]:5000", true],
    ["*://*/*", "https://anything.test", true],
    ["<all_urls>", "http://anything.test:1", true],
    ["<all_urls>", "file://", false],
    ["http://example.com:5000/*", "http://example.com:5000", true],
    ["http://example.com:5000/*", "http://example.com", false],
    ["https://example.com:443/*", "https://example.com", true],
    ["nonsense", "https://example.com", false],
    ["https://example.com/*", "null", false],
  ] as const)("%s covers %s: %s", ([pattern, origin, expected]) => {
    expect(patternCovers(pattern, origin)).toBe(expected);
  });
});
