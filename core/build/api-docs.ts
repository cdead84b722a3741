/**
 * `npm run docs:api`: the API documentation from the docstrings, one Markdown file an entry, into `dist/api`.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Api, type ApiEntry, type PublicExport, readApi } from "./api-model.ts";
import { buildCore } from "./build.ts";
import type { DeclarationKind } from "./declarations.ts";
import { ROOT } from "./paths.ts";

const TITLES: Readonly<Record<DeclarationKind, string>> = {
  function: "Functions",
  value: "Values",
  class: "Classes",
  type: "Types",
};

/** File names and their Markdown. */
export function apiDocs(api: Api): ReadonlyMap<string, string> {
  const pages = new Map(api.entries.map((entry) => [pageOf(entry), entryPage(entry)]));
  const list = api.entries.map(
    (entry) => `- [\`${entry.specifier}\`](${pageOf(entry)}): ${firstSentence(entry)}`,
  );
  return pages.set("README.md", `# hubscope: API\n\n${list.join("\n")}\n`);
}

function pageOf({ specifier }: ApiEntry): string {
  return `${specifier.replace("/", "-")}.md`;
}

function firstSentence({ doc = "" }: ApiEntry): string {
  return (/^[\s\S]*?\.(?=\s|$)/.exec(doc)?.[0] ?? doc).replace(/\s+/g, " ");
}

function entryPage(entry: ApiEntry): string {
  const sections = (Object.keys(TITLES) as DeclarationKind[]).flatMap((kind) => {
    const listed = entry.exports
      .filter(({ declaration }) => declaration.kind === kind)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return listed.length === 0 ? [] : [`## ${TITLES[kind]}`, ...listed.map((item) => section(item, entry))];
  });
  return `${[`# ${entry.specifier}`, linked(entry.doc ?? "", entry), ...sections].join("\n\n")}\n`;
}

function section({ name, module, declaration, privateParts }: PublicExport, entry: ApiEntry): string {
  const code = [declaration, ...privateParts].map(({ text }) =>
    withoutLinks(text.replace(/^export (?:declare )?/, "")),
  );
  return [
    `### ${name}`,
    linked(declaration.doc ?? "", entry),
    `\`\`\`ts\n${code.join("\n\n")}\n\`\`\``,
    `Source: \`core/src/${module}.ts\``,
  ].join("\n\n");
}

/** In code there are no links. */
function withoutLinks(code: string): string {
  return code.replace(/\{@link ([^}]+)\}/g, "`$1`");
}

/** `{@link X}` leads to X where this page has it. */
function linked(doc: string, entry: ApiEntry): string {
  return doc.replace(/\{@link ([\w$]+)([^}]*)\}/g, (_link, name: string, member: string) => {
    const isHere = entry.exports.some((item) => item.name === name);
    return isHere ? `[\`${name}${member}\`](#${name.toLowerCase()})` : `\`${name}${member}\``;
  });
}

/** Builds into a folder of its own, so that `core/dist` stays as it is. */
export async function builtApi(): Promise<Api> {
  const folder = mkdtempSync(join(tmpdir(), "hubscope-api-"));
  try {
    await buildCore(join(folder, "dist"));
    await format(folder);
    return readApi(join(folder, "dist"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The compiler's own layout is hard to read where a union has comments. */
async function format(folder: string): Promise<void> {
  const { formatter } = JSON.parse(readFileSync(join(ROOT, "biome.json"), "utf8")) as { formatter: unknown };
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ root: true, formatter }));
  const biome = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
  await promisify(execFile)(process.execPath, [biome, "format", "--write", "dist"], { cwd: folder });
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const folder = join(ROOT, "dist/api");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of apiDocs(await builtApi())) writeFileSync(join(folder, file), text);
  console.log(folder);
}
