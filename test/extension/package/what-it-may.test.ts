import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltExtensions, buildExtensions } from "../../support/built-extension.ts";

/**
 * What PRIVACY.md, SECURITY.md and the store texts promise, held against what is shipped: the built manifests and
 * scripts, not the sources.
 */

const LOOPBACK = ["*://*.localhost/*", "*://127.0.0.1/*", "*://[::1]/*"];

let built: BuiltExtensions;
beforeAll(async () => {
  built = await buildExtensions();
}, 300_000);
afterAll(() => built?.remove());

describe.for(["chrome", "firefox"] as const)("the manifest for %s", (target) => {
  test("asks for two permissions and for loopback alone", () => {
    const manifest = built.manifest(target);
    expect(manifest["permissions"]).toEqual(["scripting", "storage"]);
    expect(manifest["host_permissions"]).toEqual(LOOPBACK);
    expect(manifest["optional_host_permissions"]).toEqual(["*://*/*"]);
    expect(manifest["optional_permissions"]).toBeUndefined();
  });

  test("names nothing that reaches further: no debugger, no pages open to the web, no policy of its own", () => {
    const keys = Object.keys(built.manifest(target));
    expect(keys.sort()).toEqual(
      [
        "action",
        "background",
        "content_scripts",
        "description",
        "devtools_page",
        "host_permissions",
        "icons",
        "manifest_version",
        "name",
        "optional_host_permissions",
        "options_ui",
        "permissions",
        "version",
        ...(target === "chrome"
          ? ["message_serialization", "minimum_chrome_version"]
          : ["browser_specific_settings"]),
      ].sort(),
    );
    expect(JSON.stringify(built.manifest(target))).not.toMatch(
      /debugger|<all_urls>|webRequest|"tabs"|cookies/,
    );
  });

  test("puts both scripts into every frame of loopback pages, before the page's own", () => {
    const everywhere = {
      matches: LOOPBACK,
      run_at: "document_start",
      all_frames: true,
      match_about_blank: true,
      match_origin_as_fallback: true,
    };
    expect(built.manifest(target)["content_scripts"]).toEqual([
      { ...everywhere, js: ["relay.js"] },
      { ...everywhere, js: ["page.js"], world: "MAIN" },
    ]);
  });

  test("names only files that are there", () => {
    const manifest = JSON.stringify(built.manifest(target));
    const named = [...manifest.matchAll(/"([\w./-]+\.(?:js|html))"/g)].map(([, path]) => path);
    expect(named).toEqual(expect.arrayContaining(["options.html", "devtools.html", "background.js"]));
    expect(built.texts(target).map(([path]) => path)).toEqual(expect.arrayContaining(named));
  });
});

test("the stores are told why, for every permission, in words that fit", () => {
  const { permissions, host_permissions, optional_host_permissions, description } = built.manifest(
    "chrome",
  ) as Record<string, readonly string[]> & { readonly description: string };
  const justified = readFileSync(new URL("../../../extension/store/permissions.md", import.meta.url), "utf8");
  for (const name of [permissions, host_permissions, optional_host_permissions].flat()) {
    expect(justified).toContain(`\`${name}\``);
  }
  // The Chrome Web Store's limit; the text is the short description there.
  expect(description.length).toBeLessThanOrEqual(132);
  const texts = readFileSync(new URL("../../../extension/store/description.md", import.meta.url), "utf8");
  expect(texts).toContain(description);
});

test("Firefox is told that no data is collected, from the version on that asks", () => {
  expect(built.manifest("firefox")["browser_specific_settings"]).toEqual({
    gecko: {
      id: expect.stringMatching(/^\{[0-9a-f-]{36}\}$/),
      strict_min_version: "140.0",
      data_collection_permissions: { required: ["none"] },
    },
  });
});

describe("what is shipped", () => {
  const scripts = () => built.texts("chrome").filter(([path]) => path.endsWith(".js"));
  const naming = (pattern: RegExp) =>
    scripts()
      .filter(([, text]) => pattern.test(text))
      .map(([path]) => path.replace(/-[\w-]{8}\.js$/, ".js"))
      .sort();

  test("differs between the browsers in the manifest alone", () => {
    const rest = (target: "chrome" | "firefox") =>
      built.texts(target).filter(([path]) => path !== "manifest.json");
    expect(rest("firefox")).toEqual(rest("chrome"));
  });

  test("loads no code but its own, and makes none out of text", () => {
    // `inspectedWindow.eval` asks the inspected page, with expressions of the package.
    expect(naming(/(?<![.\w$])eval\(|new Function\(|\bimportScripts\b|\bimport\(\s*[^"'\s]/)).toEqual([]);
    expect(naming(/import\s*\(?\s*["'](?:https?:)?\/\//)).toEqual([]);
    for (const [path, text] of built.texts("chrome")) {
      if (!path.endsWith(".html")) continue;
      for (const [, source = ""] of text.matchAll(/(?:src|href)="([^"]*)"/g)) {
        expect(source, path).toMatch(/^(?:\/|data:,$)/);
      }
      expect(text, `${path} has no inline script`).not.toMatch(/<script(?![^>]*\bsrc=)/);
    }
  });

  test("speaks to the network in three places: the page's own calls that are watched, the user's own hub, and the package itself", () => {
    expect(naming(/\bsendBeacon\b|\bRTCPeerConnection\b|\bWebTransport\b\(/)).toEqual([]);
    const watchers = ["once.js", "page.js"];
    expect(naming(/\bnew XMLHttpRequest\b|\bnew WebSocket\b|\bnew EventSource\b/)).toEqual([
      "assets/playground.js",
    ]);
    expect(naming(/(?<![-\w])fetch\(/).filter((path) => !watchers.includes(path))).toEqual([
      "assets/browser.js",
      "assets/playground.js",
    ]);
    const browser = scripts().find(([path]) => path.startsWith("assets/browser-"))?.[1] ?? "";
    // The one request of ours: a script of the package, read as text.
    expect(browser.match(/(?<![-\w])fetch\([^)]*/g)).toEqual([expect.stringContaining(".runtime.getURL(")]);
  });

  test("names no address on the web but namespaces, examples and loopback", () => {
    const addresses = scripts().flatMap(([, text]) =>
      [...text.matchAll(/\bhttps?:\/\/[\w.-]+/g)].map(String),
    );
    const allowed =
      /^https?:\/\/(?:www\.w3\.org|example\.com|localhost|127\.0\.0\.1|host|this-page\.invalid|\.+)$/;
    expect(addresses.filter((address) => !allowed.test(address))).toEqual([]);
  });

  test("keeps nothing on disk but switches and the panel's settings", () => {
    expect(naming(/\bindexedDB\b|\bcaches\.open\b|storage\.(?:sync|session)\.set/)).toEqual([]);
  });
});
