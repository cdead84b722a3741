import { join, posix, relative, sep } from "node:path";
import { filesBelow } from "./build.ts";
import { type Declaration, type DeclarationFile, readDeclarations } from "./declarations.ts";
import { type PackageEntry, packageEntries } from "./paths.ts";

/** Something that an embedder can import, under its public name. */
export interface PublicExport {
  readonly name: string;
  /** Path below `src` without ending: `wire/codecs`. */
  readonly module: string;
  readonly declaration: Declaration;
  /** Declarations of the same module that it names and nobody can import, such as a common base. */
  readonly privateParts: readonly Declaration[];
}

export interface ApiEntry extends PackageEntry {
  readonly doc: string | undefined;
  readonly exports: readonly PublicExport[];
}

export interface Api {
  readonly entries: readonly ApiEntry[];
  /** Names that public declarations use and that no entry exports, as `module: name`. */
  readonly forgotten: readonly string[];
}

type Modules = ReadonlyMap<string, DeclarationFile>;

/** The public API, read from the declarations in `dist`. */
export function readApi(dist: string): Api {
  const modules: Modules = new Map(
    filesBelow(dist)
      .filter((file) => file.endsWith(".d.ts"))
      .map((file) => [
        relative(dist, file)
          .split(sep)
          .join("/")
          .replace(/\.d\.ts$/, ""),
        readDeclarations(join(file)),
      ]),
  );
  const entries = packageEntries().map((entry) => ({
    ...entry,
    doc: modules.get(entry.module)?.doc,
    exports: exportsOf(modules, entry.module).map((found) => ({
      ...found,
      privateParts: partsOf(modules, found.module, found.declaration),
    })),
  }));
  return { entries, forgotten: forgottenBy(modules, entries) };
}

interface Found {
  readonly name: string;
  readonly module: string;
  readonly declaration: Declaration;
}

function exportsOf(modules: Modules, module: string): readonly Found[] {
  const file = modules.get(module);
  if (file === undefined) throw new Error(`${module} was not built.`);
  const own = file.declarations
    .filter(({ isExported }) => isExported)
    .map((declaration) => ({ name: declaration.name, module, declaration }));
  const passedOn = file.imports
    .filter(({ isExported }) => isExported)
    .flatMap(({ from, name, as }) => {
      const all = exportsOf(modules, resolve(module, from));
      if (name === undefined) return all;
      const found = all.find((candidate) => candidate.name === name);
      if (found === undefined) throw new Error(`${module} exports ${name}, which ${from} does not have.`);
      return [{ ...found, name: as ?? name }];
    });
  return [...own, ...passedOn];
}

function resolve(module: string, specifier: string): string {
  return posix.join(posix.dirname(module), specifier).replace(/\.js$/, "");
}

/** Comments and texts name things that they do not use. */
function namesIn({ text, name }: Declaration): ReadonlySet<string> {
  const code = text.replace(/\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"/g, "");
  const names = new Set(code.match(/\b[A-Z][\w$]*/g));
  names.delete(name);
  return names;
}

function partsOf(modules: Modules, module: string, declaration: Declaration): readonly Declaration[] {
  const named = namesIn(declaration);
  const own = modules.get(module)?.declarations ?? [];
  return own.filter((part) => !part.isExported && named.has(part.name));
}

function forgottenBy(modules: Modules, entries: readonly ApiEntry[]): readonly string[] {
  const all = entries.flatMap(({ exports }) => exports);
  const known = new Set(all.map(({ module, declaration }) => `${module}: ${declaration.name}`));
  const forgotten = all.flatMap(({ module, declaration, privateParts }) =>
    [declaration, ...privateParts]
      .flatMap((part) => [...namesIn(part)])
      .flatMap((name) => originOf(modules, module, name))
      .filter((origin) => !known.has(origin)),
  );
  return [...new Set(forgotten)].sort();
}

/** Where a name that `module` uses is declared; nothing for names of the platform and of type parameters. */
function originOf(modules: Modules, module: string, name: string): readonly string[] {
  const file = modules.get(module);
  if (file?.declarations.some((own) => own.name === name && own.isExported)) return [`${module}: ${name}`];
  const imported = file?.imports.find(({ as, isExported }) => !isExported && as === name);
  if (imported?.name === undefined) return [];
  const from = resolve(module, imported.from);
  const found = exportsOf(modules, from).find((candidate) => candidate.name === imported.name);
  return found === undefined ? [] : [`${found.module}: ${found.declaration.name}`];
}
