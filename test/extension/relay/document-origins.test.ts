import { expect, test } from "vitest";
import { type DocumentPlace, documentOrigins, mayBeRead } from "../../../extension/relay/document-origins.ts";

const PAGE = "http://localhost:5000";

function place(own: {
  readonly origin: string;
  readonly href: string;
  readonly ancestors?: readonly string[];
  readonly baseURI?: string;
  readonly referrer?: string;
}): DocumentPlace {
  const { origin, href, ancestors, baseURI = href, referrer = "" } = own;
  return {
    origin,
    location: { href, ...(ancestors === undefined ? {} : { ancestorOrigins: ancestors }) },
    document: { baseURI, referrer },
  };
}

test("a page counts for its own origin, whatever referred to it", () => {
  const page = place({ origin: PAGE, href: `${PAGE}/a`, ancestors: [], referrer: "https://search.test/" });
  expect(documentOrigins(page)).toEqual([PAGE]);
});

test("a frame counts for its own origin first, then for those around it, once each", () => {
  const frame = place({
    origin: "https://hub.test",
    href: "https://hub.test/frame",
    ancestors: ["https://outer.test", PAGE, PAGE, "null"],
  });
  expect(documentOrigins(frame)).toEqual(["https://hub.test", "https://outer.test", PAGE]);
});

test("about:blank has its maker's origin, a blob the one in its address", () => {
  expect(documentOrigins(place({ origin: PAGE, href: "about:blank" }))).toEqual([PAGE]);
  expect(documentOrigins(place({ origin: "null", href: `blob:${PAGE}/0b7f` }))).toEqual([PAGE]);
});

test("a sandboxed page counts for where it was loaded from", () => {
  expect(documentOrigins(place({ origin: "null", href: `${PAGE}/sandboxed` }))).toEqual([PAGE]);
});

test("without a list of ancestors, what has no origin goes by its maker", () => {
  expect(documentOrigins(place({ origin: "null", href: "about:srcdoc", baseURI: `${PAGE}/a` }))).toEqual([
    PAGE,
  ]);
  expect(documentOrigins(place({ origin: "null", href: "data:text/html,x", referrer: `${PAGE}/` }))).toEqual([
    PAGE,
  ]);
  expect(documentOrigins(place({ origin: "null", href: "data:text/html,x" }))).toEqual([]);
});

test("a document may be read as long as its own origin is granted, whatever is around it", () => {
  const granted = ["*://127.0.0.1/*", "https://hub.test/*"];
  expect(mayBeRead(["https://hub.test", "https://removed.test"], granted)).toBe(true);
  expect(mayBeRead(["https://removed.test", "https://hub.test"], granted)).toBe(false);
  expect(mayBeRead([], granted)).toBe(true);
});
