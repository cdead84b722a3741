import { describe, expect, test } from "vitest";
import type { RawRecord } from "../../../../core/src/wire/hub-codec.ts";
import { decodePlainRecord } from "../../../../core/src/wire/plain/decode.ts";
import { looksLikeGoJson } from "../../../../core/src/wire/plain/detect.ts";
import { encodePlain } from "../../../../core/src/wire/plain/encode.ts";
import { isMacaronOriginAllowed, MACARON, macaronClose } from "../../../../core/src/wire/plain/macaron.ts";
import rows from "../../../vectors/plain.json" with { type: "json" };

interface Vector {
  readonly name: string;
  readonly source: string;
  readonly wire: string;
  readonly opcode?: "text" | "binary";
  readonly message?: { readonly kind: string; readonly endsWithNewline?: boolean };
  /** A control frame in base64: no page ever sees it. */
  readonly frame?: {
    readonly opcode: number;
    readonly code?: number;
    readonly meaning?: string;
    readonly payloadLength?: number;
    readonly period?: number;
    readonly perTick?: object;
  };
  readonly origin?: { readonly host: string; readonly isAllowed: boolean };
}

const vectors = rows as readonly Vector[];

function recordOf({ wire, opcode }: Vector): RawRecord {
  return opcode === "binary"
    ? { kind: "binary", bytes: new TextEncoder().encode(wire) }
    : { kind: "text", text: wire };
}

describe("plain vectors", () => {
  test("all 18 rows are here", () => expect(vectors).toHaveLength(18));

  test.for(vectors.filter(({ message }) => message !== undefined))("$name", (row) => {
    const { message, issues } = decodePlainRecord(recordOf(row));
    expect(message).toStrictEqual(row.message);
    expect(issues).toEqual([]);
    const { message: again } = decodePlainRecord({ kind: "text", text: encodePlain(message) as string });
    expect(again).toStrictEqual(message);
    expect(looksLikeGoJson(row.wire)).toBe(row.message?.endsWithNewline === true);
  });

  test.for(vectors.filter(({ frame }) => frame !== undefined))("$name", ({ wire, frame }) => {
    const [head = 0, length = 0, high = 0, low = 0] = Uint8Array.from(atob(wire), (character) =>
      character.charCodeAt(0),
    );
    expect(head & 0x0f).toBe(frame?.opcode);
    if (frame?.code !== undefined) {
      expect(high * 256 + low).toBe(frame.code);
      expect(macaronClose(frame.code)).toBe(frame.meaning);
    } else {
      expect(length).toBe(frame?.payloadLength);
      expect({ period: MACARON.pingPeriod, perTick: MACARON.pingsPerTick }).toEqual({
        period: frame?.period,
        perTick: frame?.perTick,
      });
    }
  });

  test.for(vectors.filter(({ origin }) => origin !== undefined))("$name", ({ wire, origin }) => {
    expect(isMacaronOriginAllowed(wire, origin?.host ?? "")).toBe(origin?.isAllowed);
  });
});
