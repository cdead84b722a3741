import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/**
 * Who may import what (ARCHITECTURE.md, "Who may import whom"). A layer may import itself; the longest matching
 * layer of a file counts; whatever is not listed is forbidden.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "core/src/index.ts": ["core/src/capture-event.ts", "core/src/errors.ts", "core/src/wire"],
  "core/src/errors.ts": [],
  "core/src/bytes": [],
  "core/src/ports": [],
  "core/src/flow": ["core/src/ports"],
  "core/src/wire": ["core/src/bytes"],
  "core/src/capture-event.ts": ["core/src/wire"],
  "core/src/session": ["core/src/wire", "core/src/bytes", "core/src/capture-event.ts"],
  "core/src/client": [
    "core/src/bytes",
    "core/src/wire",
    "core/src/ports",
    "core/src/flow",
    "core/src/capture-event.ts",
    "core/src/errors.ts",
  ],
  "core/src/hub": [
    "core/src/bytes",
    "core/src/wire",
    "core/src/ports",
    "core/src/flow",
    "core/src/capture-event.ts",
    "core/src/errors.ts",
  ],
  ui: ["core/src", "preact", "@preact/signals"],
  "extension/channel": ["core/src"],
  "extension/browser": ["extension/channel", "webextension-polyfill"],
  "extension/page": [
    "extension/channel",
    "core/src/wire/detect-protocol.ts",
    "core/src/wire/peek-envelope.ts",
    "core/src/wire/peek-records.ts",
    "core/src/wire/classic/detect.ts",
    "core/src/capture-event.ts",
    "core/src/wire/payload.ts",
  ],
  "extension/relay": ["extension/channel", "extension/browser"],
  "extension/background": ["extension/channel", "extension/browser"],
  "extension/devtools": ["extension/channel", "extension/browser"],
  "extension/options": ["extension/channel", "extension/browser", "ui", "preact", "@preact/signals"],
  "extension/package": ["playground/server/build.ts", "vite.config.ts", "fflate", "node:"],
  "extension/panel": [
    "extension/channel",
    "extension/browser",
    "ui",
    "core/src",
    "preact",
    "@preact/signals",
  ],
  "playground/server": ["playground/demo-hub", "core/src", "vite.config.ts", "vite", "ws", "node:"],
  playground: ["ui", "core/src", "preact", "@preact/signals"],
};

/** These may be imported by type only: the importing context must not carry their code. */
const TYPE_ONLY: Readonly<Record<string, readonly string[]>> = {
  "core/src/index.ts": ["core/src/capture-event.ts", "core/src/wire"],
  "core/src/capture-event.ts": ["core/src/wire"],
  "extension/channel": ["core/src"],
  "extension/page": ["core/src/capture-event.ts", "core/src/wire/payload.ts"],
};

const MAX_LINES = 400;

const files = ["core/src", "ui", "extension", "playground"].flatMap(sourcesUnder).sort();

function sourcesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const path = `${folder}/${item.name}`;
    if (item.isDirectory()) return item.name === "node_modules" ? [] : sourcesUnder(path);
    return /\.tsx?$/.test(path) && !path.endsWith(".d.ts") ? [path] : [];
  });
}

function within(layer: string, path: string): boolean {
  return path === layer || path.startsWith(`${layer}/`) || (layer.endsWith(":") && path.startsWith(layer));
}

function layerOf(path: string): string | undefined {
  return Object.keys(MAY_IMPORT)
    .filter((layer) => within(layer, path))
    .sort((a, b) => b.length - a.length)[0];
}

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm)) {
    found.push({ target: resolve(file, match[2] ?? ""), typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(/\bimport\(\s*"([^"]+)"/g)) {
    found.push({ target: resolve(file, match[1] ?? ""), typeOnly: false });
  }
  return found;
}

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return decodeURIComponent(new URL(specifier, `file:///${file}`).pathname.slice(1)).replace(/\?.*$/, "");
}

describe("imports", () => {
  test("there are sources to check", () => {
    expect(files.length).toBeGreaterThan(20);
  });

  test.for(files)("%s keeps to its layer and its size", (file) => {
    const text = readFileSync(file, "utf8");
    const layer = layerOf(file);
    if (layer === undefined) return expect.fail(`${file} belongs to no layer`);
    expect(text.split("\n").length, "lines").toBeLessThanOrEqual(MAX_LINES);
    for (const { target, typeOnly } of importsOf(file, text)) {
      const allowed = [layer, ...(MAY_IMPORT[layer] ?? [])].some((name) => within(name, target));
      expect(allowed, `${layer} must not import ${target}`).toBe(true);
      const mustBeType =
        !within(layer, target) && (TYPE_ONLY[layer] ?? []).some((name) => within(name, target));
      expect(mustBeType && !typeOnly, `${layer} may import ${target} by "import type" only`).toBe(false);
    }
    return undefined;
  });

  test("no import cycles", () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file, readFileSync(file, "utf8")).flatMap((i) => (i.typeOnly ? [] : [i.target])),
      ]),
    );
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file))
        expect.fail(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(" → ")}`);
      if (done.has(file)) return;
      for (const target of graph.get(file) ?? []) if (graph.has(target)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });
});

describe("boundaries", () => {
  test.for(files)("%s names no platform that is not its own", (file) => {
    const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
    const uses = (pattern: RegExp) => pattern.test(text);
    if (!within("extension/browser", file)) {
      expect(uses(/\bwebextension-polyfill\b/), "webextension-polyfill only in extension/browser").toBe(
        false,
      );
      expect(
        uses(/\b(?:chrome|browser)\.(?:runtime|devtools|tabs|scripting|permissions|storage|action)\b/),
        "the extension API only in extension/browser",
      ).toBe(false);
    }
    if (within("core/src", file) && !file.endsWith("browser-ports.ts")) {
      expect(
        uses(
          /\b(?:Date\.now|performance\.now|setTimeout|setInterval|new WebSocket|fetch\(|localStorage|navigator)\b/,
        ),
        "platform globals only in browser-ports.ts",
      ).toBe(false);
    }
    expect(uses(/\bas any\b|:\s*any\b|@ts-ignore/), "no any").toBe(false);
  });
});
