import { readFileSync } from "node:fs";

/** One page of web-platform-tests that reports to its opener. */
export interface WptTest {
  /** Path and query, from the server's root. */
  readonly path: string;
  /** It asks for six times the usual time. */
  readonly isLong: boolean;
}

/** A folder, or behind the file's hash the pages that are made of a file; without a path it is the file itself. */
type Item = { readonly [name: string]: Item } | readonly [hash: string, ...pages: readonly Page[]];
type Page = readonly [path: string | null, details: PageDetails];
interface PageDetails {
  readonly timeout?: string;
  readonly testdriver?: boolean;
}

/**
 * In workers no page hook runs. HTTP/2 and TLS are the same again over another server. Without WebDriver nobody plays the
 * user.
 */
const NOT_OURS =
  /\.(?:shared|service)?worker(?:-module)?\.|\.shadowrealm|[?&]wpt_flags=h2|\.h2\.|[?]wss$|-manual\./;

/** The pages below `folders` in the text of a `MANIFEST.json` that `wpt manifest` has written, by path. */
export function wptTests(manifest: string, folders: readonly string[]): readonly WptTest[] {
  const { items } = JSON.parse(manifest) as { items: { testharness: Item } };
  const starts = folders.map((folder) => `/${folder.replaceAll(/^\/|\/$/g, "")}`);
  const tests: WptTest[] = [];
  const add = (file: string, [path, { testdriver, timeout }]: Page) => {
    const address = `/${path ?? file}`;
    if (!starts.some((start) => address === start || address.startsWith(`${start}/`))) return;
    if (!NOT_OURS.test(address) && testdriver !== true)
      tests.push({ path: address, isLong: timeout === "long" });
  };
  walk(items.testharness, "", add);
  return tests.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function readWptTests(checkout: string, folders: readonly string[]): readonly WptTest[] {
  return wptTests(readFileSync(`${checkout}/MANIFEST.json`, "utf8"), folders);
}

function walk(item: Item, path: string, visit: (file: string, page: Page) => void): void {
  if (isFile(item)) {
    const [, ...pages] = item;
    for (const page of pages) visit(path, page);
    return;
  }
  for (const [name, inner] of Object.entries(item)) {
    walk(inner, path === "" ? name : `${path}/${name}`, visit);
  }
}

function isFile(item: Item): item is readonly [string, ...Page[]] {
  return Array.isArray(item);
}
