import { describe, expect, test } from "vitest";
import { blazorPackCodec } from "../../../core/src/wire/blazorpack/codec.ts";
import { isFatalIssue } from "../../../core/src/wire/decode-issue.ts";
import { splitLengthPrefixed } from "../../../core/src/wire/framing/length-prefix.ts";
import { splitRecordSeparated } from "../../../core/src/wire/framing/record-separator.ts";
import type { DecodedMessage, HubCodec, RawRecord } from "../../../core/src/wire/hub-codec.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import blazorPack from "../../vectors/blazor-hub-protocol.json" with { type: "json" };
import json from "../../vectors/json-hub-protocol.json" with { type: "json" };
import messagePack from "../../vectors/messagepack-hub-protocol.json" with { type: "json" };
import { hex, hexText, revive } from "./vector-values.ts";

/** One row: what is on the wire, what we make of it, and what the two official implementations were seen to do. */
interface Vector {
  readonly name: string;
  readonly source: string;
  readonly wire: string;
  readonly messages: readonly unknown[];
  /** A list a message: code, and field where there is one. */
  readonly issues: readonly (readonly string[])[];
  /** Encoding the messages as this writer gives exactly `wire`. */
  readonly writtenBy?: string;
  readonly dotnet?: { readonly error?: string };
  /** Where .NET and the JavaScript client disagree: which one we follow, and why. */
  readonly follows?: string;
}

interface Protocol {
  readonly codec: HubCodec;
  readonly vectors: readonly Vector[];
  split(wire: string): readonly RawRecord[];
  show(encoded: string | Uint8Array): string;
}

const protocols: readonly Protocol[] = [
  {
    codec: jsonCodec,
    vectors: json as readonly Vector[],
    split: (wire) => splitRecordSeparated(wire).records.map(({ raw }) => raw),
    show: (encoded) => encoded as string,
  },
  {
    codec: messagePackCodec,
    vectors: messagePack as readonly Vector[],
    split: (wire) => splitLengthPrefixed(hex(wire)).records.map(({ raw }) => raw),
    show: (encoded) => hexText(encoded as Uint8Array),
  },
  {
    codec: blazorPackCodec,
    vectors: blazorPack as readonly Vector[],
    split: (wire) => splitLengthPrefixed(hex(wire)).records.map(({ raw }) => raw),
    show: (encoded) => hexText(encoded as Uint8Array),
  },
];

for (const { codec, vectors, split, show } of protocols) {
  const decode = (wire: string): DecodedMessage[] => split(wire).map((raw) => codec.decode(raw));

  describe(`${codec.name} vectors`, () => {
    test.for(vectors)("$name", ({ wire, messages, issues }) => {
      const decoded = decode(wire);
      expect(decoded.map(({ message }) => message)).toStrictEqual(revive(messages));
      expect(decoded.map(({ issues: found }) => found.map(withField))).toEqual(issues);
    });

    test.for(vectors.filter(({ dotnet }) => dotnet !== undefined))(
      "$name is fatal exactly where it ended a .NET receiver",
      ({ wire, dotnet }) => {
        const isFatal = decode(wire).some(({ issues }) => issues.some(isFatalIssue));
        expect(isFatal).toBe(dotnet?.error !== undefined);
      },
    );

    test.for(vectors.filter(({ writtenBy }) => writtenBy !== undefined))(
      "$name is written byte for byte",
      ({ wire, messages, writtenBy }) => {
        const like = writtenBy === "javascript" ? "javascript" : "dotnet";
        const written = (revive(messages) as HubMessage[]).map((message) =>
          show(codec.encode(message, like)),
        );
        expect(written.join("")).toBe(
          show(typeof wire === "string" && codec === jsonCodec ? wire : hex(wire)),
        );
      },
    );

    test.for(vectors.filter(isEncodable))("$name survives encoding and decoding", ({ wire }) => {
      for (const { message } of decode(wire)) {
        for (const like of ["dotnet", "javascript"] as const) {
          const encoded = codec.encode(message, like);
          const [again] = typeof encoded === "string" ? decode(encoded) : decode(show(encoded));
          expect(normalised(again?.message), like).toStrictEqual(normalised(message));
        }
      }
    });
  });
}

function withField({ code, field }: { readonly code: string; readonly field?: string }): string {
  return field === undefined ? code : `${code} ${field}`;
}

/** What was refused is no message that a caller would send. */
function isEncodable({ issues }: Vector): boolean {
  const harmless = ["duplicate-key", "extra-items", "unknown-message-type", "ignored-field"];
  return issues.flat().every((issue) => harmless.includes(issue.split(" ")[0] ?? ""));
}

/** MessagePack of .NET writes `allowReconnect` always, so absent and false are the same behind it. */
function normalised(message: HubMessage | undefined): unknown {
  return message?.kind === "close"
    ? { ...message, allowReconnect: message.allowReconnect ?? false }
    : message;
}
