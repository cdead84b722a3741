import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildCore, filesBelow } from "../../core/build/build.ts";
import { CORE, packageEntries } from "../../core/build/paths.ts";
import { freeNames } from "./free-names.ts";

/** Folders and files of `src` whose code an entry may carry. Types may come from anywhere. */
const MAY_REACH: Readonly<Record<string, readonly string[]>> = {
  ".": ["errors"],
  "./wire": ["wire", "bytes"],
  "./codecs": [
    "wire/lean",
    "wire/json/numbers",
    "wire/json/ordinary-message",
    "wire/json/least-length",
    "wire/json/quick-encode",
    "wire/own-property",
    "wire/hub-message",
    "wire/message-type",
    "wire/limits",
  ],
  "./session": ["session", "wire", "bytes"],
  "./client": ["client", "wire", "bytes", "flow", "ports", "errors"],
  "./hub": ["hub", "wire", "bytes", "flow", "ports", "errors"],
  "./azure": ["wire/azure", "wire/json", "wire/own-property", "wire/hub-message", "wire/limits", "bytes"],
};

/** The language's own, and what pages, workers, Node 20, Deno and Bun all have. */
const EVERYWHERE = new Set(
  (
    "AggregateError ArrayBuffer BigInt BigInt64Array BigUint64Array DataView Date Error Float32Array Float64Array " +
    "Infinity Int8Array Int16Array Int32Array Intl JSON Map Math NaN Promise Proxy RangeError Reflect Set Symbol " +
    "SyntaxError TypeError Uint8Array Uint16Array Uint32Array WeakMap WeakRef WeakSet decodeURIComponent " +
    "encodeURIComponent isNaN parseFloat parseInt " +
    "AbortController AbortSignal DOMException TextDecoder TextEncoder URL URLSearchParams atob btoa crypto queueMicrotask"
  ).split(" "),
);

/** Where the platform is asked for what it may lack, or for time and network. */
const PORTS = join("client", "browser-ports.js");
const IN_PORTS = new Set(["WebSocket", "clearTimeout", "fetch", "location", "performance", "setTimeout"]);
/** Not everywhere: the ports ask with `typeof` first. */
const GUARDED = ["WebSocket", "location"];

let dist: string;
let files: readonly string[];

beforeAll(async () => {
  dist = join(mkdtempSync(join(tmpdir(), "hubscope-modules-")), "dist");
  await buildCore(dist);
  files = filesBelow(dist).filter((file) => file.endsWith(".js"));
});

afterAll(() => rmSync(dirname(dist), { recursive: true, force: true }));

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const found = text.matchAll(/(?:^|[;}\s])(?:import|from)\s*\(?\s*["']([^"']+)["']/g);
  return Array.from(found, ([, specifier = ""]) => specifier);
}

function reachedFrom(module: string): string[] {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith(".")) visit(resolve(dirname(file), specifier));
      else reached.add(join(dist, specifier));
    }
  };
  visit(join(dist, `${module}.js`));
  return [...reached].map((file) => relative(dist, file).split(sep).join("/"));
}

describe("entries of the package", () => {
  test("every index.ts of the core is an entry, and every entry is built", () => {
    const indexes = filesBelow(join(CORE, "src"))
      .filter((file) => basename(file) === "index.ts")
      .map((file) => relative(join(CORE, "src"), file).split(sep).join("/"));
    const modules = packageEntries().map(({ module }) => `${module}.ts`);
    expect(indexes.sort()).toEqual([...modules].sort());
    const { files: built } = JSON.parse(readFileSync(join(CORE, "tsconfig.build.json"), "utf8")) as {
      files: string[];
    };
    expect([...built].sort()).toEqual(modules.map((module) => `src/${module}`).sort());
  });

  test.for(packageEntries())(
    "$specifier carries no code of another entry that it does not need",
    ({ subpath, module }) => {
      const allowed = MAY_REACH[subpath];
      if (allowed === undefined) return expect.fail(`${subpath} is new: say in this table what it may reach`);
      const reached = reachedFrom(module).filter((file) => file !== `${module}.js`);
      const strangers = reached.filter(
        (file) => !allowed.some((name) => file === `${name}.js` || file.startsWith(`${name}/`)),
      );
      expect(strangers).toEqual([]);
      expect(reached.length).toBeGreaterThan(0);
      return undefined;
    },
  );
});

describe("the built modules", () => {
  test("import nothing but each other: no package, no built-in module of Node", () => {
    const specifiers = files.flatMap((file) => importsOf(file).map((specifier) => ({ file, specifier })));
    expect(specifiers.length).toBeGreaterThan(100);
    const foreign = specifiers.filter(
      ({ file, specifier }) => !files.includes(resolve(dirname(file), specifier)),
    );
    expect(foreign).toEqual([]);
    const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
    expect(
      text.match(/\b(?:require|importScripts|eval|new Function)\s*\(|\bimport\.meta\b|\bglobalThis\b/g),
    ).toBeNull();
  });

  test("silence the compiler nowhere, which would hide a global from the next test", () => {
    const silent = files.filter((file) =>
      /@ts-(?:expect-error|ignore|nocheck)/.test(readFileSync(file, "utf8")),
    );
    expect(silent).toEqual([]);
  });

  test("use no global that pages, workers, Node, Deno and Bun do not all have", () => {
    const names = freeNames(files);
    const strange = [...names].flatMap(([file, used]) => {
      const inPorts = file.endsWith(PORTS.split(sep).join("/"));
      return [...used]
        .filter((name) => !EVERYWHERE.has(name) && !(inPorts && IN_PORTS.has(name)))
        .map((name) => `${basename(file)}: ${name}`);
    });
    expect(strange).toEqual([]);
    const all = new Set([...names.values()].flatMap((used) => [...used]));
    expect(all).toContain("Uint8Array");
    expect(all).toContain("WebSocket");
    const here = new Set(Object.getOwnPropertyNames(globalThis));
    expect([...all].filter((name) => !here.has(name) && !GUARDED.includes(name))).toEqual([]);
  });

  test("ask before they use what some platforms lack", () => {
    const ports = readFileSync(join(dist, PORTS), "utf8");
    for (const name of GUARDED) expect(ports).toContain(`typeof ${name} === "undefined"`);
  });

  test("a global of Node or of a page is found, also where a name is shadowed elsewhere", () => {
    const file = join(dirname(dist), "strange.js");
    writeFileSync(
      file,
      "export function a(window) { return window; }\nexport const b = () => [window, typeof Buffer, process.argv];\n",
    );
    expect([...freeNames([file]).values()]).toEqual([new Set(["window", "Buffer", "process"])]);
  });
});
