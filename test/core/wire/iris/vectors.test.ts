import { describe, expect, test } from "vitest";
import type { RawRecord } from "../../../../core/src/wire/hub-codec.ts";
import { decodeIrisRecord } from "../../../../core/src/wire/iris/decode.ts";
import { irisPrefixOf, isIrisText, isNeffosAcknowledgement } from "../../../../core/src/wire/iris/detect.ts";
import { encodeIris } from "../../../../core/src/wire/iris/encode.ts";
import type { IrisEvent } from "../../../../core/src/wire/iris/message.ts";
import type { Direction } from "../../../../core/src/wire/payload.ts";
import rows from "../../../vectors/iris.json" with { type: "json" };

interface Vector {
  readonly name: string;
  readonly source: string;
  readonly direction: Direction;
  readonly wire: string;
  readonly opcode?: "binary";
  readonly prefix?: string;
  /** Ours, or "undecodable". */
  readonly message?: Readonly<Record<string, unknown>> | "undecodable";
  readonly issues?: readonly string[];
  readonly payloadLength?: number;
  readonly size?: number;
  /** What a Go server's listener got, as Go prints type and value; null where no listener was called. */
  readonly server?: { readonly event: string; readonly value: string | null };
  /** What the JavaScript client's listener got: always the text. */
  readonly client?: { readonly event: string; readonly value: string };
  readonly neffos?: boolean;
}

const vectors = rows as unknown as readonly Vector[];

function recordOf({ wire, opcode }: Vector): RawRecord {
  return opcode === "binary"
    ? { kind: "binary", bytes: new TextEncoder().encode(wire) }
    : { kind: "text", text: wire };
}

/** `%T|%v` of the value that a Go server hands on. */
function goText({ type, payload, value }: IrisEvent): string {
  switch (type) {
    case "string":
      return `string|${payload}`;
    case "int":
      return `int|${value}`;
    case "bool":
      return `bool|${value}`;
    case "bytes":
      return `[]uint8|[${[...new TextEncoder().encode(payload)].join(" ")}]`;
    default:
      return Array.isArray(value) ? `[]interface {}|[${value.join(" ")}]` : `string|${value}`;
  }
}

describe("iris vectors", () => {
  test("all 46 rows are here", () => expect(vectors).toHaveLength(46));

  test.for(vectors.filter(({ message }) => message !== undefined))("$name", (row) => {
    const { message, direction, prefix, issues } = row;
    const decoded = decodeIrisRecord(recordOf(row), { direction, prefix });
    if (message === "undecodable") expect(decoded.message).toEqual({ kind: "undecodable" });
    else expect(decoded.message).toMatchObject(message ?? {});
    if (issues !== undefined) {
      expect(decoded.issues.map(({ code, field }) => `${code} ${field}`)).toEqual(issues);
    }
    if (row.payloadLength !== undefined && decoded.message.kind === "iris-event") {
      expect(decoded.message.payload).toHaveLength(row.payloadLength);
      expect(decoded.issues).toEqual([{ code: "over-size-limit", detail: `${row.size} bytes of 1024` }]);
    }
  });

  test.for(vectors.filter(({ server }) => server !== undefined))(
    "$name: exactly what a server drops has the issue",
    (row) => {
      const { message, issues } = decodeIrisRecord(recordOf(row), { direction: "out" });
      if (message.kind !== "iris-event") return expect.fail(message.kind);
      const isDropped = issues.some(({ code }) => code === "dropped-by-server");
      expect(message.event).toBe(row.server?.event);
      return expect(isDropped ? null : goText(message)).toBe(row.server?.value);
    },
  );

  test.for(vectors.filter(({ client }) => client !== undefined))("$name", (row) => {
    const { message } = decodeIrisRecord(recordOf(row), { direction: "in" });
    expect(message).toMatchObject({ event: row.client?.event, payload: row.client?.value });
  });

  test.for(vectors.filter(({ neffos }) => neffos === true))("$name", ({ wire, direction }) => {
    expect(isNeffosAcknowledgement(wire, direction)).toBe(true);
    expect(isIrisText(wire)).toBe(false);
  });

  test.for(vectors.filter(({ wire }) => irisPrefixOf(wire) !== undefined))(
    "$name is written as it was read",
    (row) => {
      const { message, issues } = decodeIrisRecord({ kind: "text", text: row.wire }, row);
      if (message.kind === "undecodable") return;
      // The character behind the type is read by nobody and kept by nobody.
      if (issues.some(({ code, field }) => code === "read-differently" && field === "type")) return;
      expect(encodeIris(message)).toBe(row.wire);
    },
  );
});
