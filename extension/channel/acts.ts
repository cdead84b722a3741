/**
 * What the panel has the page hook do, and what that answers. Between the extension's contexts these are messages like
 * others; on the last hop they are text, because no page in Firefox can read an object of the extension's. The hook
 * checks them with the same guards.
 *
 * @module
 */
import type { Milliseconds } from "../../core/src/capture-event.ts";
import type { Direction, Payload } from "../../core/src/wire/payload.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import type { Guard } from "./channel.ts";
import {
  type Fields,
  hasShape,
  isCount,
  isFields,
  isFlag,
  isId,
  isListOf,
  isNumber,
  isOptional,
  isTextWithin,
  isUrlText,
} from "./guards.ts";
import { MAX_PAYLOAD_SIZE } from "./limits.ts";

/** A payload as text can carry it. */
export type ActPayload =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "base64"; readonly base64: string };

/** What the hook calls the transport that carries a connection: a socket, or an exchange. */
export type CarrierId = string;

export type PageAct =
  /** Sends as the page would, whatever is broken. */
  | {
      readonly kind: "send";
      readonly carrier: CarrierId;
      readonly payload: ActPayload;
      /** Answers to the invocation IDs in the payload that are ours are kept from the page. */
      readonly takesAnswers: boolean;
      /** Sent when all is undone before the last answer has come. */
      readonly cancel?: ActPayload | undefined;
    }
  /** Delivers to the page, whatever is broken. */
  | { readonly kind: "simulate"; readonly carrier: CarrierId; readonly payload: ActPayload }
  | { readonly kind: "cut"; readonly carrier: CarrierId }
  | { readonly kind: "close"; readonly carrier: CarrierId; readonly code: number; readonly reason: string }
  /** Replaces all faults; none undoes all. */
  | { readonly kind: "faults"; readonly faults: readonly PageFault[] };

export type PageFault =
  | {
      readonly id: string;
      readonly kind: "drop" | "delay" | "reorder";
      /** Absent: every carrier. */
      readonly carriers?: readonly CarrierId[] | undefined;
      readonly direction: Direction;
      readonly target?: string | undefined;
      /** Above 0 to 1. */
      readonly share: number;
      readonly delay: Milliseconds;
    }
  | { readonly id: string; readonly kind: "silence"; readonly carriers?: readonly CarrierId[] | undefined }
  | {
      readonly id: string;
      readonly kind: "refuse";
      /** URL of a hub without query. Absent: every one that the page hook knows, and these. */
      readonly hub?: string | undefined;
      readonly known: readonly string[];
      /** In all; `elsewhere` of them were met in other documents. */
      readonly times: number;
      readonly elsewhere: number;
    };

export type RefusePageFault = Extract<PageFault, { kind: "refuse" }>;
export type MessagePageFault = Extract<PageFault, { direction: Direction }>;

const MAX_FAULTS = 1_000;
const MAX_CARRIERS = 1_000;
const MAX_HUBS = 200;
/** Four characters for three bytes. */
const MAX_BASE64_SIZE: number = Math.ceil(MAX_PAYLOAD_SIZE / 3) * 4;

const isPayloadText = isTextWithin(MAX_PAYLOAD_SIZE);
const isBase64 = isTextWithin(MAX_BASE64_SIZE);
const isTarget = isTextWithin(10_000);
const isReason = isTextWithin(1_000);

export function isActPayload(value: unknown): value is ActPayload {
  if (!isFields(value)) return false;
  return value["kind"] === "text"
    ? isPayloadText(value["text"])
    : value["kind"] === "base64" && isBase64(value["base64"]);
}

const isDirection: Guard<Direction> = (value): value is Direction => value === "in" || value === "out";
const isShare: Guard<number> = (value): value is number => isNumber(value) && value > 0 && value <= 1;
const isDelay: Guard<number> = (value): value is number =>
  isNumber(value) && value >= 0 && value <= 3_600_000;
const isCarriers = isOptional(isListOf(isId, MAX_CARRIERS));

const isMessageFault = hasShape({
  id: isId,
  carriers: isCarriers,
  direction: isDirection,
  target: isOptional(isTarget),
  share: isShare,
  delay: isDelay,
});
const FAULT_GUARDS: { readonly [K in PageFault["kind"]]: (fault: Fields) => boolean } = {
  drop: isMessageFault,
  delay: isMessageFault,
  reorder: isMessageFault,
  silence: hasShape({ id: isId, carriers: isCarriers }),
  refuse: hasShape({
    id: isId,
    hub: isOptional(isUrlText),
    known: isListOf(isUrlText, MAX_HUBS),
    times: isCount,
    elsewhere: isCount,
  }),
};

const ACT_GUARDS: { readonly [K in PageAct["kind"]]: (act: Fields) => boolean } = {
  send: hasShape({
    carrier: isId,
    payload: isActPayload,
    takesAnswers: isFlag,
    cancel: isOptional(isActPayload),
  }),
  simulate: hasShape({ carrier: isId, payload: isActPayload }),
  cut: hasShape({ carrier: isId }),
  close: hasShape({ carrier: isId, code: isCount, reason: isReason }),
  faults: hasShape({ faults: isListOf(isPageFault, MAX_FAULTS) }),
};

function isPageFault(value: unknown): value is PageFault {
  return isKindOf(FAULT_GUARDS, value);
}

const { hasOwn } = Object;

export function isPageAct(value: unknown): value is PageAct {
  return isKindOf(ACT_GUARDS, value);
}

function isKindOf(guards: Readonly<Record<string, (value: Fields) => boolean>>, value: unknown): boolean {
  if (!isFields(value)) return false;
  const { kind } = value;
  return typeof kind === "string" && hasOwn(guards, kind) && guards[kind]?.(value) === true;
}

/** An act with the number by which it is answered. */
export interface ActCommand {
  readonly command: number;
  readonly act: PageAct;
}

/** `refusal` is a sentence for the user; absent: it is done. */
export interface ActAnswer {
  readonly command: number;
  readonly refusal?: string | undefined;
}

/** How often a fault has struck in this document, in all. */
export interface ActStrikes {
  readonly fault: string;
  readonly count: number;
}

const COMMAND = { command: isCount, act: isPageAct };
const ANSWER = { command: isCount, refusal: isOptional(isReason) };
const STRIKES = { fault: isId, count: isCount };
const DOCUMENT = { document: isId };

/** Within one document: relay and hook. */
export const isActCommand: Guard<ActCommand> = hasShape(COMMAND);
export const isActAnswer: Guard<ActAnswer> = hasShape(ANSWER);
export const isActStrikes: Guard<ActStrikes> = hasShape(STRIKES);

/** About one document of the inspected tab. */
export interface InDocument {
  readonly document: string;
}

/** Between the extension's contexts, with the document that it is about. */
export const isDocumentCommand: Guard<ActCommand & InDocument> = hasShape({ ...DOCUMENT, ...COMMAND });
export const isDocumentAnswer: Guard<ActAnswer & InDocument> = hasShape({ ...DOCUMENT, ...ANSWER });
export const isDocumentStrikes: Guard<ActStrikes & InDocument> = hasShape({ ...DOCUMENT, ...STRIKES });

/** Undefined where the recording does not have the payload, or it is too large. */
export function toActPayload(payload: Payload): ActPayload | undefined {
  switch (payload.kind) {
    case "text":
      return payload.text.length > MAX_PAYLOAD_SIZE ? undefined : payload;
    case "binary":
      return payload.bytes.byteLength > MAX_PAYLOAD_SIZE
        ? undefined
        : { kind: "base64", base64: encodeBase64(payload.bytes) };
    case "omitted":
      return undefined;
    default:
      return payload satisfies never;
  }
}

/** Undefined for what is no base64. */
export function fromActPayload(payload: ActPayload): string | Uint8Array | undefined {
  return payload.kind === "text" ? payload.text : decodeBase64(payload.base64);
}
