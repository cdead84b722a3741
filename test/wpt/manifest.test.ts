import { expect, test } from "vitest";
import { wptTests } from "./manifest.ts";

/** The shape that `wpt manifest` writes, shortened. */
const MANIFEST = JSON.stringify({
  items: {
    testharness: {
      websockets: {
        "Send-data.any.js": [
          "a606",
          ["websockets/Send-data.any.html?default", { script_metadata: [] }],
          ["websockets/Send-data.any.html?wss", {}],
          ["websockets/Send-data.any.html?wpt_flags=h2", {}],
          ["websockets/Send-data.any.worker.html?default", {}],
          ["websockets/Send-data.any.serviceworker.html", {}],
        ],
        interfaces: { "slow.html": ["b1", [null, { timeout: "long" }]] },
        "clicks.html": ["c1", [null, { testdriver: true }]],
      },
      "websockets-of-others": { "a.html": ["d1", [null, {}]] },
    },
  },
});

test("the pages of a folder are those that a page hook can be in, by path", () => {
  expect(wptTests(MANIFEST, ["websockets"])).toEqual([
    { path: "/websockets/Send-data.any.html?default", isLong: false },
    { path: "/websockets/interfaces/slow.html", isLong: true },
  ]);
});

test("folders and single pages are named with slashes or without", () => {
  expect(wptTests(MANIFEST, ["/websockets/interfaces/"])).toHaveLength(1);
  expect(wptTests(MANIFEST, ["websockets/Send-data.any.html?default"])).toHaveLength(1);
  expect(wptTests(MANIFEST, ["xhr"])).toEqual([]);
});
