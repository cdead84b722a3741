import { readFileSync } from "node:fs";

export type DeclarationKind = "function" | "value" | "class" | "type";

/** A statement at the top of a declaration file. */
export interface Declaration {
  readonly name: string;
  readonly kind: DeclarationKind;
  readonly isExported: boolean;
  /** Its docstring without the stars; undefined where it has none. */
  readonly doc: string | undefined;
  /** The declaration with the comments of its members. */
  readonly text: string;
}

/** `name` is undefined for all names of the module. */
export interface ModuleImport {
  readonly from: string;
  readonly name: string | undefined;
  readonly as: string | undefined;
  readonly isExported: boolean;
}

export interface DeclarationFile {
  /** The comment that is about the whole module. */
  readonly doc: string | undefined;
  readonly declarations: readonly Declaration[];
  readonly imports: readonly ModuleImport[];
}

const STATEMENT = /^(?:export|import|declare|interface|type|function|const|class|abstract)\b/;
const DECLARATION =
  /^(export )?(?:declare )?(?:abstract )?(function|const|let|class|interface|type) ([\w$]+)/;
const KINDS: Readonly<Record<string, DeclarationKind>> = {
  function: "function",
  const: "value",
  let: "value",
  class: "class",
  interface: "type",
  type: "type",
};

/**
 * Reads a declaration file as the compiler writes it: statements begin at the left margin and nothing else does, but
 * comments and closing braces. TypeScript 7 has no API for JavaScript programs that could be asked instead.
 */
export function readDeclarations(file: string): DeclarationFile {
  const declarations: Declaration[] = [];
  const imports: ModuleImport[] = [];
  let moduleDoc: string | undefined;
  for (const { comment, text } of statementsOf(readFileSync(file, "utf8"))) {
    const isAboutModule = comment !== undefined && /^ \* @module\b/m.test(comment);
    const imported = readImport(text);
    if (moduleDoc === undefined && (isAboutModule || imported.length > 0)) moduleDoc = plainDoc(comment);
    imports.push(...imported);
    const [, exported, keyword = "", name = ""] = DECLARATION.exec(text) ?? [];
    const kind = KINDS[keyword];
    if (kind === undefined) continue;
    const doc = isAboutModule ? undefined : plainDoc(comment);
    declarations.push({ name, kind, isExported: exported !== undefined, doc, text: text.trimEnd() });
  }
  return { doc: moduleDoc, declarations, imports };
}

interface Statement {
  readonly comment: string | undefined;
  readonly text: string;
}

function statementsOf(source: string): readonly Statement[] {
  const statements: { comment: string | undefined; text: string }[] = [];
  let comment: string | undefined;
  let isInComment = false;
  for (const line of source.split("\n")) {
    const isComment = isInComment || line.startsWith("/**");
    if (isComment) {
      // A comment about the module may be followed by one about its first declaration.
      if (!isInComment && comment !== undefined) statements.push({ comment, text: "" });
      comment = `${isInComment ? comment : ""}${line}\n`;
      isInComment = !line.includes("*/");
    } else if (STATEMENT.test(line)) {
      statements.push({ comment, text: `${line}\n` });
      comment = undefined;
    } else {
      // Comments between the members of a union are at the left margin too.
      const last = statements.at(-1);
      if (last !== undefined) last.text += `${comment ?? ""}${line}\n`;
      comment = undefined;
    }
  }
  return statements;
}

function plainDoc(comment: string | undefined): string | undefined {
  if (comment === undefined) return undefined;
  const lines = comment
    .trim()
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^ ?\* ?/, "").trimEnd());
  const text = lines
    .filter((line) => line !== "@module")
    .join("\n")
    .trim();
  return text === "" ? undefined : text;
}

/** `import type { A, B as C } from "./x.js"`, `export { A, type B } from`, `export * from`, `export type * from`. */
function readImport(text: string): readonly ModuleImport[] {
  const match = /^(import|export) (?:type )?(\*|\{[^}]*\}) from "([^"]+)"/.exec(text);
  if (match === null) return [];
  const [, keyword, names = "", from = ""] = match;
  const isExported = keyword === "export";
  if (names === "*") return [{ from, name: undefined, as: undefined, isExported }];
  return names
    .slice(1, -1)
    .split(",")
    .map((item) => item.trim().replace(/^type /, ""))
    .filter((item) => item !== "")
    .map((item) => {
      const [name = item, as = name] = item.split(" as ");
      return { from, name, as, isExported };
    });
}
