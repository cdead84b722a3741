import { describe, expect, test } from "vitest";
import { cursorText, parseCursor, topicNumber } from "../../../../core/src/wire/classic/cursor.ts";
import { type DecodedClassic, decodeClassicRecord } from "../../../../core/src/wire/classic/decode.ts";
import type { ConnectionKind } from "../../../../core/src/wire/classic/envelope.ts";
import { decodeStreamEvent } from "../../../../core/src/wire/classic/event-stream.ts";
import {
  createForeverFrameParser,
  escapeForFrame,
  frameOpening,
  isFrameId,
} from "../../../../core/src/wire/classic/forever-frame.ts";
import { formText, parseForm } from "../../../../core/src/wire/classic/form.ts";
import { classicHttpError } from "../../../../core/src/wire/classic/http-error.ts";
import { parseHubsScript } from "../../../../core/src/wire/classic/hubs-script.ts";
import { isJsonpCallback } from "../../../../core/src/wire/classic/jsonp.ts";
import { parseClassicNegotiateResponse } from "../../../../core/src/wire/classic/negotiate.ts";
import { hasStartRequest, resolveProtocol } from "../../../../core/src/wire/classic/protocol-version.ts";
import { decodeResponseBody, parseSimpleResponse } from "../../../../core/src/wire/classic/response-body.ts";
import { parseConnectionToken, parseGroupsToken } from "../../../../core/src/wire/classic/tokens.ts";
import { parseClassicAddress } from "../../../../core/src/wire/classic/urls.ts";
import type { DecodeIssue } from "../../../../core/src/wire/decode-issue.ts";
import { createEventStreamParser } from "../../../../core/src/wire/framing/event-stream.ts";
import type { Direction } from "../../../../core/src/wire/payload.ts";
import rows from "../../../vectors/classic.json" with { type: "json" };

/** One row: what is on the wire, which reader it is for, and what that makes of it. */
interface Vector {
  readonly name: string;
  readonly source: string;
  readonly reads: string;
  readonly wire: string;
  readonly direction?: Direction;
  readonly connection?: ConnectionKind;
  /** A message of ours, or "undecodable". */
  readonly message?: unknown;
  /** Code, and field where there is one. None where absent. */
  readonly issues?: readonly string[];
  readonly [expected: string]: unknown;
}

const vectors: readonly Vector[] = rows as readonly Vector[];

/** Each reader by the name that the rows use. */
const READERS: Readonly<Record<string, (row: Vector) => void>> = {
  message: (row) => {
    const { direction, connection } = row;
    expectMessage(row, decodeClassicRecord({ kind: "text", text: row.wire }, { direction, connection }));
  },
  "event-stream": (row) => {
    const events = createEventStreamParser().push(row.wire);
    expect(events).toHaveLength(1);
    expectMessage(row, decodeStreamEvent(events[0]?.data ?? "", row.connection));
  },
  "event-stream-data": ({ wire, data }) => {
    expect(createEventStreamParser().push(wire)).toMatchObject([{ data }]);
  },
  lines: ({ wire, lines }) => {
    const parser = createEventStreamParser();
    expect(parser.push(wire)).toEqual([]);
    // What is complete has been read (and is no field); the rest waits.
    expect([...(lines as readonly string[]), parser.pending].join("\n")).toBe(wire);
  },
  "forever-frame": (row) => {
    const parser = createForeverFrameParser(row.connection);
    const [script, ...others] = [...parser.push(row.wire), ...parser.end()];
    expect(others).toEqual([]);
    if (script !== undefined) expectMessage(row, script.decoded);
    if (script?.decoded.message.kind === "frame-initialised") {
      expect(frameOpening(script.decoded.message.frameId)).toBe(row.wire);
    }
  },
  "response-body": (row) => {
    const { decoded, keepAlives } = decodeResponseBody(row.wire, row.connection);
    expect(keepAlives).toBe(row["keepAlives"] ?? 0);
    if (decoded === undefined) return expect.fail("the body holds nothing");
    return expectMessage(row, decoded);
  },
  address: ({ wire, address, body, form }) => {
    expect(parseClassicAddress(wire)).toMatchObject(address as object);
    if (typeof body === "string") expect(parseForm(body)).toEqual(form);
  },
  query: ({ wire, params }) => {
    expect(parseClassicAddress(`/signalr/connect?${wire.slice(1)}`).params).toEqual(params);
  },
  form: ({ wire, form, message }) => {
    const { data, ...others } = parseForm(wire);
    expect(others).toEqual(form);
    expect(formText(parseForm(wire))).toBe(wire);
    if (message === undefined) return expect(data).toBeUndefined();
    const record = { kind: "text", text: data ?? "" } as const;
    return expect(decodeClassicRecord(record, { direction: "out" }).message).toStrictEqual(message);
  },
  negotiate: ({ wire, response, hasStartRequest: expected }) => {
    const parsed = parseClassicNegotiateResponse(wire);
    expect(parsed).toMatchObject(response as object);
    if (typeof expected === "boolean" && parsed.kind === "accepted") {
      expect(hasStartRequest(parsed.protocolVersion)).toBe(expected);
    }
  },
  "simple-response": ({ wire, response }) => expect(parseSimpleResponse(wire)).toBe(response),
  protocol: ({ wire, oldest, newest, resolved }) => {
    expect(resolveProtocol(wire, oldest as string, newest as string)).toBe(resolved);
  },
  "frame-escape": ({ wire, escaped }) => expect(escapeForFrame(wire)).toBe(escaped),
  "frame-id": ({ wire, isFrameId: expected }) => expect(isFrameId(wire)).toBe(expected),
  "http-error": ({ wire, status, error }) => expect(classicHttpError(status as number, wire)).toBe(error),
  cursor: ({ wire, prefix, cursor, counts }) => {
    const parsed = parseCursor(wire, prefix as string);
    expect(parsed ?? null).toEqual(cursor);
    if (parsed === undefined) return;
    expect(cursorText(parsed)).toBe(wire);
    expect(parsed.entries.map(({ id }) => BigInt(`0x${id}`).toString())).toEqual(counts);
  },
  topic: ({ wire, number }) => expect(topicNumber(wire)).toBe(number),
  "connection-token": ({ wire, token }) => expect(parseConnectionToken(wire)).toEqual(token),
  "groups-token": ({ wire, token }) => expect(parseGroupsToken(wire)).toEqual(token),
  "jsonp-callback": ({ wire, isCallback }) => expect(isJsonpCallback(wire)).toBe(isCallback),
  "hubs-script": ({ wire, script }) => expect(parseHubsScript(wire)).toEqual(script),
};

function expectMessage({ message, issues = [] }: Vector, decoded: DecodedClassic): void {
  if (message === "undecodable") expect(decoded.message.kind).toBe("undecodable");
  else expect(decoded.message).toStrictEqual(message);
  // A call without an ID is the one oddity that the rows do not list.
  const found = decoded.issues.map(withField).filter((issue) => issue !== "unusual-field I");
  expect(found).toEqual(issues);
}

function withField({ code, field }: DecodeIssue): string {
  return field === undefined ? code : `${code} ${field}`;
}

describe("classic vectors", () => {
  test("all 182 rows are here, and each reader has some", () => {
    expect(vectors).toHaveLength(182);
    expect(new Set(vectors.map(({ reads }) => reads))).toEqual(new Set(Object.keys(READERS)));
  });

  test.for(vectors)("$name", (row) => READERS[row.reads]?.(row));
});
