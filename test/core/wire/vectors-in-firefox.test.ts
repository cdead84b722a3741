import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bundle } from "../../bench/wire/bundle.ts";
import { findBrowser } from "../../support/browsers.ts";
import { launchFirefox } from "../../support/firefox-launch.ts";
import { vectorDigest } from "./vector-digest.ts";

/** The bundle as the body of a function: a script of Marionette cannot import. */
function returning(code: string): string {
  const body = code.replace(/export\s*\{\s*([\w$]+) as vectorDigest\s*\};?\s*$/, "return $1();");
  if (body === code) throw new Error("the bundle does not end with its export");
  return body;
}

test.skipIf(findBrowser("firefox") === undefined)(
  "Firefox reads and writes every row of the hub protocol vectors as Node does",
  { timeout: 90_000 },
  async () => {
    const expected = vectorDigest();
    expect(expected.length).toBeGreaterThan(500);
    const code = await bundle(fileURLToPath(new URL("vector-digest.ts", import.meta.url)));
    const firefox = await launchFirefox({});
    try {
      expect(await firefox.marionette.content(returning(code))).toEqual(expected);
    } finally {
      await firefox.close();
    }
  },
);
