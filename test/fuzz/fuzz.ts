/**
 * `npm run fuzz [-- --runs=1000000] [-- --seconds=60] [-- --seed=1]`: mutated wires through every codec. Nothing may
 * throw or hang, every byte must be in a record, and index, quick, thorough, lean and payload-wise decode must agree. What it finds becomes
 * a vector.
 *
 * @module
 */
import { isDeepStrictEqual, parseArgs } from "node:util";
import fc from "fast-check";
import { decodeUtf8, encodeUtf8 } from "../../core/src/bytes/utf8.ts";
import { codecFor } from "../../core/src/wire/codecs.ts";
import { createConnectionDecoder } from "../../core/src/wire/connection-decoder.ts";
import { splitLengthPrefixed } from "../../core/src/wire/framing/length-prefix.ts";
import { splitRecordSeparated } from "../../core/src/wire/framing/record-separator.ts";
import type {
  DecodedMessage,
  DecodedRecord,
  HubProtocolName,
  RawRecord,
} from "../../core/src/wire/hub-codec.ts";
import { decodeThoroughly as decodeJsonThoroughly } from "../../core/src/wire/json/decode.ts";
import { leanJsonCodec } from "../../core/src/wire/lean/json.ts";
import { leanMessagePackCodec } from "../../core/src/wire/lean/messagepack.ts";
import { decodeThoroughly as decodePackThoroughly } from "../../core/src/wire/messagepack/decode.ts";
import { outlineRecord } from "../../core/src/wire/outline-record.ts";
import { mutatedWires } from "../core/wire/wire-mutations.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    seconds: { type: "string", default: "" },
    seed: { type: "string", default: "" },
  },
});

const THOROUGH: Readonly<Record<HubProtocolName, (record: RawRecord) => DecodedMessage>> = {
  json: decodeJsonThoroughly,
  messagepack: decodePackThoroughly,
  blazorpack: decodePackThoroughly,
};

/** Milliseconds for a few hundred bytes: far above what a busy machine needs, far below a loop without end. */
const LONGEST = 5_000;

for (const protocol of ["json", "messagepack", "blazorpack"] as const) {
  const start = performance.now();
  let count = 0;
  const seed = values.seed === "" ? {} : { seed: Number(values.seed) };
  const limit = values.seconds === "" ? {} : { interruptAfterTimeLimit: Number(values.seconds) * 1000 };
  fc.assert(
    fc.property(mutatedWires(protocol), (bytes) => {
      count += 1;
      const begun = performance.now();
      check(protocol, bytes);
      const took = performance.now() - begun;
      if (took > LONGEST) throw new Error(`${bytes.length} bytes took ${Math.round(took)} ms`);
    }),
    { numRuns: Number(values.runs), ...seed, ...limit },
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${protocol}: ${count} mutated inputs in ${seconds} s, nothing found`);
}

function check(protocol: HubProtocolName, bytes: Uint8Array): void {
  const decoder = createConnectionDecoder({ protocol, resumed: true });
  const payload = payloadOf(protocol, bytes);
  const records = [...decoder.decode("in", payload), ...decoder.end()];
  const size = records.reduce((sum, record) => sum + record.size, 0);
  const wanted = payload.kind === "text" ? encodeUtf8(payload.text).length : bytes.length;
  if (size !== wanted) throw new Error(`${wanted} bytes became records of ${size}`);
  for (const record of records) checkRecord(protocol, record);
  checkTogether(protocol, payload.kind === "text" ? payload.text : payload.bytes);
}

/** The payload at once against its records one by one, and the lean codec against the whole one. */
function checkTogether(protocol: HubProtocolName, payload: string | Uint8Array): void {
  const codec = codecFor(protocol);
  const { records } =
    typeof payload === "string" ? splitRecordSeparated(payload) : splitLengthPrefixed(payload);
  const together = codec.decodePayload(payload);
  const single = records.map(({ raw }) => codec.decode(raw));
  if (!isDeepStrictEqual(together.slice(0, single.length), single)) {
    throw new Error("a payload at once and its records one by one disagree");
  }
  if (codec.indexPayload(payload).length !== single.length) throw new Error("the index misses a record");
  const lean = (protocol === "json" ? leanJsonCodec : leanMessagePackCodec).decodePayload(payload);
  for (const [index, { message, issues }] of single.entries()) {
    if (issues.length > 0 || message.kind === "ack" || message.kind === "sequence") continue;
    if (!isDeepStrictEqual(lean[index], { message, issues }))
      throw new Error("the lean codec says otherwise");
  }
}

/** JSON comes as text nearly always, and only text is decoded quickly. */
function payloadOf(
  protocol: HubProtocolName,
  bytes: Uint8Array,
):
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: Uint8Array } {
  return protocol === "json" ? { kind: "text", text: decodeUtf8(bytes).text } : { kind: "binary", bytes };
}

function checkRecord(protocol: HubProtocolName, record: DecodedRecord): void {
  const { head, message, issues, raw } = record;
  outlineRecord(protocol, raw);
  if (issues.length > 0) return;
  const thorough = THOROUGH[protocol](raw);
  if (!isDeepStrictEqual(thorough.message, message)) throw new Error("quick and thorough decode disagree");
  if (head.kind !== message.kind) throw new Error(`the index said ${head.kind}, the content ${message.kind}`);
}
