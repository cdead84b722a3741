import { describe, expect, test } from "vitest";
import { type DecodedClassic, decodeClassicRecord } from "../../../../core/src/wire/classic/decode.ts";
import { decodeStreamEvent } from "../../../../core/src/wire/classic/event-stream.ts";
import { parseForm } from "../../../../core/src/wire/classic/form.ts";
import { type EnvelopeItem, idText } from "../../../../core/src/wire/classic/message.ts";
import { parseClassicNegotiateResponse } from "../../../../core/src/wire/classic/negotiate.ts";
import { decodeResponseBody, parseSimpleResponse } from "../../../../core/src/wire/classic/response-body.ts";
import { parseClassicAddress } from "../../../../core/src/wire/classic/urls.ts";
import { createEventStreamParser } from "../../../../core/src/wire/framing/event-stream.ts";
import type { Direction } from "../../../../core/src/wire/payload.ts";
import transcripts from "../../../vectors/classic-transcripts.json" with { type: "json" };

/** Whole conversations in order: what passed, by which channel, and in words what it says. */
interface TranscriptEvent {
  readonly channel: string;
  readonly direction?: Direction;
  readonly socket?: string;
  readonly wire: string;
  readonly says: string;
}

type Stream = ReturnType<typeof createEventStreamParser>;

function spoken({ channel, direction, wire }: TranscriptEvent, stream: Stream): readonly string[] {
  const connection = "hubs";
  switch (channel) {
    case "address": {
      const { action, base } = parseClassicAddress(wire);
      return [`${action} ${base}`];
    }
    case "negotiate": {
      const response = parseClassicNegotiateResponse(wire);
      return [`${response.kind} ${response.kind === "accepted" ? response.protocolVersion : ""}`];
    }
    case "simple-response":
      return [parseSimpleResponse(wire) ?? "nothing"];
    case "socket":
      return [say(decodeClassicRecord({ kind: "text", text: wire }, { direction, connection }), direction)];
    case "event-stream":
      return stream.push(wire).map(({ data }) => say(decodeStreamEvent(data, connection), "in"));
    case "form": {
      const { data, messageId } = parseForm(wire);
      if (data === undefined) return [`out poll ${messageId}`];
      return [
        say(decodeClassicRecord({ kind: "text", text: data }, { direction: "out", connection }), "out"),
      ];
    }
    case "response-body": {
      const { decoded } = decodeResponseBody(wire, connection);
      return decoded === undefined ? [] : [say(decoded, "in")];
    }
    default:
      return [];
  }
}

function say({ message }: DecodedClassic, direction: Direction = "in"): string {
  switch (message.kind) {
    case "hub-call":
      return `${direction} call ${message.hub}.${message.method} ${idText(message.id) ?? "without an ID"}`;
    case "hub-result":
      return `${direction} result ${idText(message.id) ?? "None"}`;
    case "hub-error":
      return `${direction} error ${idText(message.id)}`;
    case "envelope": {
      const { messageId, initialised, reconnect, groupsToken, longPollDelay, messages } = message;
      const flags = [
        initialised === undefined ? "" : " initialised",
        reconnect === undefined ? "" : " reconnect",
        groupsToken === undefined ? "" : " groups",
        longPollDelay === undefined ? "" : ` delay ${longPollDelay}`,
      ];
      return `${direction} envelope ${messageId}${flags.join("")}${messages.map(sayItem).join("")}`;
    }
    case "keep-alive":
      return `${direction} keep-alive`;
    case "stream-initialised":
      return `${direction} initialised`;
    default:
      return `${direction} ${message.kind}`;
  }
}

function sayItem(item: EnvelopeItem): string {
  switch (item.kind) {
    case "progress":
      return `, progress ${idText(item.id)}`;
    case "client-invocation":
      return `, ${item.hub}.${item.method}`;
    case "data":
      return ", data";
  }
}

describe("transcripts of a real server", () => {
  test("all eight are here", () => expect(transcripts).toHaveLength(8));

  test.for(transcripts as readonly { name: string; events: readonly TranscriptEvent[] }[])(
    "$name says what it said",
    ({ events }) => {
      const stream = createEventStreamParser();
      expect(events.flatMap((event) => spoken(event, stream))).toEqual(events.map(({ says }) => says));
    },
  );

  test("a reconnect brings what was missed, in the order of the topics", () => {
    const { events } = transcripts.find(({ name }) => name === "reconnect") ?? { events: [] };
    const missed = events.findIndex(({ says }) => says.startsWith("reconnect"));
    const { message } = decodeClassicRecord({ kind: "text", text: events[missed + 1]?.wire ?? "" });
    expect(message).toMatchObject({
      kind: "envelope",
      messages: [{ arguments: ["missed-1"] }, { arguments: ["missed-2"] }],
    });
    // The address asked from where the last envelope before the cut had ended.
    const { params } = parseClassicAddress(events[missed]?.wire ?? "");
    const last = events.slice(0, missed).findLast(({ says, socket }: { says: string; socket?: string }) => {
      return says.startsWith("in envelope") && socket === "ws-reconnect";
    });
    expect(last?.says).toContain(` ${params["messageId"]}`);
  });
});
