/**
 * Response bodies that are whole when they are read: polls, replies of send requests, start and ping.
 *
 * @module
 */
import { isJsonObject } from "../json/fields.ts";
import { readJson } from "../json/read-text.ts";
import { type DecodedClassic, decodeClassicRecord } from "./decode.ts";
import type { ConnectionKind } from "./envelope.ts";
import { parseJsonp } from "./jsonp.ts";

/** A body and what is around its message. */
export interface DecodedBody {
  /** Undefined for a body without content: an aborted poll, the send of a persistent connection, only keep-alives. */
  readonly decoded?: DecodedClassic;
  /** Spaces before the answer of a poll: one a keep-alive period. */
  readonly keepAlives: number;
  /** Where the body is JSONP. */
  readonly callback?: string;
  /** The JSON without what is around it. */
  readonly text: string;
}

/** The whole body of a poll, or of a send request's response. */
export function decodeResponseBody(body: string, connection?: ConnectionKind): DecodedBody {
  const trimmed = body.trimStart();
  const keepAlives = body.length - trimmed.length;
  const jsonp = trimmed.startsWith("{") ? undefined : parseJsonp(trimmed);
  const text = jsonp?.text ?? trimmed;
  const callback = jsonp === undefined ? undefined : { callback: jsonp.callback };
  if (text === "") return { keepAlives, ...callback, text };
  const decoded = decodeClassicRecord({ kind: "text", text }, { direction: "in", connection });
  return { decoded, keepAlives, ...callback, text };
}

/** The answer of start (`started`) and ping (`pong`); undefined for anything else. JSONP or not. */
export function parseSimpleResponse(body: string): string | undefined {
  const value = readJson(parseJsonp(body)?.text ?? body, []);
  const response = value !== undefined && isJsonObject(value) ? value["Response"] : undefined;
  return typeof response === "string" ? response : undefined;
}

/** As the server writes them, spaces included. */
export function simpleResponseText(response: "started" | "pong"): string {
  return `{ "Response": "${response}" }`;
}
