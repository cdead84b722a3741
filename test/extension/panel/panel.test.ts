import { describe, expect, test } from "vitest";
import { isLoopback, siteName, sitePattern } from "../../../extension/channel/sites.ts";
import { createDocumentInbox } from "../../../extension/panel/document-inbox.ts";
import { createNavigation } from "../../../extension/panel/navigation.ts";
import { nothingYetNotice, panelNotice, statusText } from "../../../extension/panel/panel-notice.ts";

const wire = (number: number) => ({ number, event: { type: "socket-failed", at: number, socket: "s" } });

describe("document inbox", () => {
  test("what was seen before is not taken again", () => {
    const inbox = createDocumentInbox("d1");
    expect(inbox.take([wire(1), wire(2)], 0)).toHaveLength(2);
    expect(inbox.take([wire(1), wire(2), wire(3)], 0)).toHaveLength(1);
    expect(inbox.position).toBe(3);
  });

  test("what is no capture event is counted, and its number is not asked for again", () => {
    const inbox = createDocumentInbox("d1");
    const taken = inbox.take([{ number: 1, event: { type: "nonsense" } }, wire(2)], 77);
    expect(taken.at(-1)).toEqual({
      type: "events-dropped",
      at: 77,
      count: 1,
      bytes: 0,
      reason: "not-delivered",
    });
    expect(inbox.position).toBe(2);
  });

  test("names its document itself, whatever the page says", () => {
    const inbox = createDocumentInbox("d1");
    const origin = { documentUrl: "http://a/", frame: "top", document: "another" };
    const opening = { type: "socket-opening", at: 1, socket: "s", url: "ws://a/", origin };
    const ended = { type: "document-ended", at: 2, document: "another" };
    const taken = inbox.take(
      [
        { number: 1, event: opening },
        { number: 2, event: ended },
      ],
      0,
    );
    expect(taken).toMatchObject([{ origin: { document: "d1" } }, { document: "d1" }]);
  });
});

describe("navigation", () => {
  test("is told once, whoever is first, and a reload of the same address is told again", () => {
    const navigation = createNavigation();
    expect(navigation.documentSaw("d1", "http://a/")).toBe(false);
    expect(navigation.devtoolsSaw("http://a/")).toBe(true);
    expect(navigation.documentSaw("d2", "http://a/")).toBe(false);
    expect(navigation.documentSaw("d3", "http://b/#x")).toBe(true);
    expect(navigation.devtoolsSaw("http://b/")).toBe(false);
    expect(navigation.devtoolsSaw("http://c/")).toBe(true);
    expect(navigation.devtoolsSaw("http://c/")).toBe(true);
  });

  test("the first document of a page that had none is one: devtools say it too, later", () => {
    const navigation = createNavigation();
    navigation.shownWithoutDocument();
    expect(navigation.documentSaw("d1", "http://a/")).toBe(true);
    expect(navigation.devtoolsSaw("http://a/")).toBe(false);
  });

  test("a document that greets again is no navigation, one that comes back from the cache is", () => {
    const navigation = createNavigation();
    navigation.documentSaw("d1", "http://a/");
    expect(navigation.documentSaw("d1", "http://a/")).toBe(false);
    expect(navigation.documentSaw("d2", "http://b/")).toBe(true);
    expect(navigation.devtoolsSaw("http://b/")).toBe(false);
    expect(navigation.documentSaw("d1", "http://a/")).toBe(true);
    expect(navigation.devtoolsSaw("http://a/")).toBe(false);
  });

  test("a first document that devtools have named before it greets is not told twice", () => {
    const navigation = createNavigation();
    expect(navigation.devtoolsSaw("http://a/")).toBe(true);
    expect(navigation.documentSaw("d1", "http://a/")).toBe(false);
    expect(navigation.documentSaw("d2", "http://a/")).toBe(true);
  });
});

describe("sites", () => {
  test("a site is scheme and host; a port is not part of the pattern but of the name", () => {
    expect(sitePattern("https://example.com:8443/a?b#c")).toBe("https://example.com/*");
    expect(siteName("https://example.com:8443/a")).toBe("example.com:8443");
    expect(sitePattern("file:///etc/passwd")).toBeUndefined();
    expect(sitePattern("about:blank")).toBeUndefined();
    expect(sitePattern("nonsense")).toBeUndefined();
  });

  test.for([
    ["http://localhost:5000/", true],
    ["https://app.localhost/", true],
    ["http://127.0.0.1:1/", true],
    ["http://[::1]:80/", true],
    ["http://127.0.0.2/", false],
    ["http://localhost.example.com/", false],
    ["http://notlocalhost/", false],
  ] as const)("%s is loopback: %s", ([url, expected]) => {
    expect(isLoopback(url)).toBe(expected);
  });
});

describe("notices", () => {
  test("a site that is not read is named with one step", () => {
    const asked: string[] = [];
    const notice = panelNotice(
      { kind: "not-granted", url: "https://example.com/a" },
      { recordSite: (url) => asked.push(url), reload() {}, switchOn() {}, captureOnce() {} },
    );
    expect(notice?.sentence).toMatch(/^Hubscope does not read example\.com yet\./);
    expect(notice?.action?.label).toBe("Record this site");
    notice?.action?.run();
    expect(asked).toEqual(["https://example.com/a"]);
  });

  test("a page that is switched off says so, with its port, and one step switches it on", () => {
    let isOn = false;
    const notice = panelNotice(
      { kind: "switched-off", url: "http://localhost:5000/a" },
      {
        recordSite() {},
        reload() {},
        switchOn() {
          isOn = true;
        },
        captureOnce() {},
      },
    );
    expect(notice?.sentence).toMatch(/^Recording of localhost:5000 is switched off\./);
    notice?.action?.run();
    expect(isOn).toBe(true);
    expect(statusText({ kind: "switched-off", url: "http://localhost:5000/a" })).toBe("not recording");
  });

  test("a recorded page needs no notice and says what is recorded", () => {
    const status = { kind: "recording", url: "http://localhost:5000/x" } as const;
    expect(
      panelNotice(status, { recordSite() {}, reload() {}, switchOn() {}, captureOnce() {} }),
    ).toBeUndefined();
    expect(nothingYetNotice(status, () => {}).sentence).toContain(
      "recording localhost:5000 and all its frames",
    );
    expect(statusText(status)).toBe("recording localhost:5000 · all frames");
    expect(statusText({ kind: "cannot-record", reason: "browser-page" })).toBe("not recording");
  });
});
