/**
 * The first record of each side: JSON with a record separator, whatever protocol follows. HubProtocol.md,
 * "Overview".
 *
 * @module
 */
import type { DecodeIssue } from "./decode-issue.ts";
import { RECORD_SEPARATOR } from "./framing/record-separator.ts";
import type { DecodedMessage, RawRecord } from "./hub-codec.ts";
import type { WireValue } from "./hub-message.ts";
import { extraOf, type Fields, isJsonObject, optionalText, requiredText, shortJson } from "./json/fields.ts";
import { readJson, textOf } from "./json/read-text.ts";
import { dotnetText } from "./json/write-value.ts";
import { isMessageType } from "./message-type.ts";

/** Version 1 everywhere; 2 only where stateful reconnect was negotiated. */
export function encodeHandshakeRequest({
  protocol,
  version,
}: {
  readonly protocol: string;
  readonly version: number;
}): string {
  return JSON.stringify({ protocol, version }) + RECORD_SEPARATOR;
}

/** Without `error` the handshake has succeeded. .NET sends a failure as text, a success as its protocol does. */
export function encodeHandshakeResponse({ error }: { readonly error?: string } = {}): string {
  return (error === undefined ? "{}" : `{"error":${dotnetText(error)}}`) + RECORD_SEPARATOR;
}

const REQUEST_FIELDS = new Set(["protocol", "version"]);
const RESPONSE_FIELDS = new Set(["error"]);

/** `record` without its separator. A hub message in its place is `handshake-missing`, and stays undecoded. */
export function decodeHandshakeRequest(record: RawRecord): DecodedMessage {
  const issues: DecodeIssue[] = [];
  const value = readHandshake(record, issues);
  if (!isHandshakeObject(value, issues)) return undecodable(value, issues);
  if (isMessageType(value["type"]) && value["protocol"] === undefined) return hubMessage(value, issues);
  const fields: Fields = { object: value, issues, rejected: [] };
  const protocol = textOrEmpty(fields);
  const version = value["version"];
  if (!isMessageType(version)) {
    if (version === undefined) issues.push({ code: "missing-field", field: "version" });
    else issues.push({ code: "wrong-field-type", field: "version", detail: shortJson(version) });
  }
  if (protocol === undefined || !isMessageType(version)) {
    issues.push({ code: "handshake-malformed" });
    return undecodable(value, issues);
  }
  const extra = extraOf(fields, REQUEST_FIELDS);
  return { message: { kind: "handshake-request", protocol, version, ...extra }, issues };
}

/** .NET looks an empty protocol up like any other name. */
function textOrEmpty(fields: Fields): string | undefined {
  if (fields.object["protocol"] === "") return "";
  const protocol = requiredText(fields, "protocol");
  return protocol === "" ? undefined : protocol;
}

/**
 * `record` without its separator. Any `type` is refused, as .NET does: a hub message stands where the response
 * belongs. An empty `error` is an error, as for .NET; the JavaScript client takes it for success.
 */
export function decodeHandshakeResponse(record: RawRecord): DecodedMessage {
  const issues: DecodeIssue[] = [];
  const value = readHandshake(record, issues);
  if (!isHandshakeObject(value, issues)) return undecodable(value, issues);
  if (value["type"] !== undefined) return hubMessage(value, issues);
  const fields: Fields = { object: value, issues, rejected: [] };
  const error = optionalText(fields, "error");
  if (fields.rejected.length > 0) {
    issues.push({ code: "handshake-malformed" });
    return undecodable(value, issues);
  }
  const extra = extraOf(fields, RESPONSE_FIELDS);
  return {
    message: { kind: "handshake-response", ...(error === undefined ? {} : { error }), ...extra },
    issues,
  };
}

function readHandshake(record: RawRecord, issues: DecodeIssue[]): WireValue {
  return readJson(textOf(record, issues), issues);
}

function isHandshakeObject(
  value: WireValue,
  issues: DecodeIssue[],
): value is Readonly<Record<string, WireValue>> {
  if (value !== undefined && isJsonObject(value)) return true;
  if (value !== undefined) issues.push({ code: "not-an-object", detail: shortJson(value) });
  issues.push({ code: "handshake-malformed" });
  return false;
}

function hubMessage(value: WireValue, issues: DecodeIssue[]): DecodedMessage {
  issues.push({ code: "handshake-missing", field: "type" });
  return undecodable(value, issues);
}

function undecodable(value: WireValue, issues: readonly DecodeIssue[]): DecodedMessage {
  return { message: { kind: "undecodable", ...(value === undefined ? {} : { value }) }, issues };
}
