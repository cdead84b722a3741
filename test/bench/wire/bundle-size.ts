import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle } from "./bundle.ts";
import type { Row } from "./in-one-place.ts";

/** KiB of gzip that our two codecs may take, decode and encode. */
const MOST = 6;

/** What an application ships: our lean codecs, the whole ones and the official ones, bundled and minified alike. */
export async function sizeRows(): Promise<readonly Row[]> {
  const ours = await sizeOf("our-codecs.ts");
  const whole = await sizeOf("our-whole-codecs.ts");
  const theirs = await sizeOf("their-codecs.ts");
  const peer = "JsonHubProtocol + MessagePackHubProtocol";
  return [
    {
      name: "codec bundle, gzip KiB, ours (lean)",
      where: "node",
      peer,
      ratio: ours,
      target: MOST,
      met: ours <= MOST,
    },
    {
      name: "codec bundle, gzip KiB, ours with index and byte ranges",
      where: "node",
      peer,
      ratio: whole,
      target: null,
      met: null,
    },
    { name: "codec bundle, gzip KiB, theirs", where: "node", peer, ratio: theirs, target: null, met: null },
  ];
}

async function sizeOf(entry: string): Promise<number> {
  const code = await bundle(fileURLToPath(new URL(entry, import.meta.url)));
  return Math.round((gzipSync(code, { level: 9 }).length / 1024) * 100) / 100;
}
