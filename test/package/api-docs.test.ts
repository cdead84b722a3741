import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { apiDocs, builtApi } from "../../core/build/api-docs.ts";
import type { Api } from "../../core/build/api-model.ts";
import { readDeclarations } from "../../core/build/declarations.ts";
import { CORE, packageEntries } from "../../core/build/paths.ts";

let api: Api;

beforeAll(async () => {
  api = await builtApi();
});

describe("the public API", () => {
  test("has a docstring on every export and every entry", () => {
    const bare = api.entries.flatMap(({ specifier, doc, exports }) => [
      ...(doc === undefined ? [specifier] : []),
      ...exports
        .filter(({ declaration }) => declaration.doc === undefined)
        .map(({ name, module }) => `${specifier}: ${name} (core/src/${module}.ts)`),
    ]);
    expect(bare).toEqual([]);
  });

  test("exports every type that its declarations name", () => {
    expect(api.forgotten).toEqual([]);
  });

  test("names no export twice in an entry", () => {
    for (const { specifier, exports } of api.entries) {
      const names = exports.map(({ name }) => name);
      expect(names.length, specifier).toBe(new Set(names).size);
    }
  });
});

describe("the API documentation", () => {
  test("has a page for every entry, with every function, value and class that can be imported from it", async () => {
    const pages = apiDocs(api);
    expect(pages.size).toBe(packageEntries().length + 1);
    for (const { specifier, module } of packageEntries()) {
      const page = pages.get(`${specifier.replace("/", "-")}.md`) ?? "";
      const exported = Object.keys((await import(/* @vite-ignore */ source(module))) as object);
      expect(exported.length).toBeGreaterThan(0);
      expect(exported.filter((name) => !page.includes(`\n### ${name}\n`))).toEqual([]);
      expect(pages.get("README.md")).toContain(`[\`${specifier}\`]`);
      expect(page).not.toContain("{@link");
    }
  });
});

function source(module: string): string {
  return pathToFileURL(join(CORE, "src", `${module}.ts`)).href;
}

describe("declarations", () => {
  test("are told from comments about the module, from each other and from what is not exported", () => {
    const folder = mkdtempSync(join(tmpdir(), "hubscope-declarations-"));
    const file = join(folder, "a.d.ts");
    writeFileSync(
      file,
      [
        "/**\n * About all of it.\n *\n * @module\n */",
        'import type { B, C as D } from "./b.js";',
        "/** A base. */\ninterface Base {\n    readonly at: number;\n}",
        "export interface Bare extends Base {\n    /** Milliseconds. */\n    readonly b: B;\n}",
        "export type U = {\n    a: 1;\n}\n/** Or. */\n | {\n    b: 2;\n};",
        "/**\n * Two\n * lines.\n */\nexport declare function f(d: D): void;",
        'export * from "./c.js";\n',
      ].join("\n"),
    );
    const { doc, declarations, imports } = readDeclarations(file);
    rmSync(folder, { recursive: true });
    expect(doc).toBe("About all of it.");
    expect(declarations).toEqual([
      {
        ...{ name: "Base", kind: "type", isExported: false, doc: "A base." },
        text: "interface Base {\n    readonly at: number;\n}",
      },
      {
        ...{ name: "Bare", kind: "type", isExported: true, doc: undefined },
        text: "export interface Bare extends Base {\n    /** Milliseconds. */\n    readonly b: B;\n}",
      },
      {
        ...{ name: "U", kind: "type", isExported: true, doc: undefined },
        text: "export type U = {\n    a: 1;\n}\n/** Or. */\n | {\n    b: 2;\n};",
      },
      {
        ...{ name: "f", kind: "function", isExported: true, doc: "Two\nlines." },
        text: "export declare function f(d: D): void;",
      },
    ]);
    expect(imports).toEqual([
      { from: "./b.js", name: "B", as: "B", isExported: false },
      { from: "./b.js", name: "C", as: "D", isExported: false },
      { from: "./c.js", name: undefined, as: undefined, isExported: true },
    ]);
  });
});
