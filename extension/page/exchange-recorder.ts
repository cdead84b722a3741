import type {
  CaptureEvent,
  EventOrigin,
  ExchangeId,
  HttpEnded,
  HttpResponseBody,
  Milliseconds,
  PayloadAct,
  TransportAct,
} from "../../core/src/capture-event.ts";
import { isClassicStreamStart } from "../../core/src/wire/classic/detect.ts";
import { looksLikeHubTraffic } from "../../core/src/wire/detect-protocol.ts";
import type { Payload } from "../../core/src/wire/payload.ts";
import { MAX_HELD_PAYLOADS, MAX_HELD_SIZE } from "../channel/limits.ts";
import { payloadSize } from "../channel/payload-size.ts";
import { createAnswerText } from "./answer-text.ts";
import type { CopiedPayload } from "./copy-payload.ts";
import { errorText } from "./error-text.ts";
import { requestHeadersThatMatter } from "./headers-that-matter.ts";
import {
  type HttpRecognition,
  isEventStreamType,
  type RecognisedRequest,
  type RequestFacts,
} from "./http-recognition.ts";
import { append } from "./lists.ts";
import { createOrderedQueue } from "./ordered-queue.ts";
import { quietly } from "./quietly.ts";
import type { Report } from "./report.ts";

/** What is particular about a piece of a body. */
export type PieceFacts = Pick<HttpResponseBody, "act" | "isRewritten">;

/** A request as its watcher saw it go out. */
export interface ExchangeRequest extends RequestFacts {
  readonly body?: CopiedPayload;
  readonly act?: PayloadAct;
}

/**
 * Reports one HTTP exchange, in wire order. An exchange that is not certain to be SignalR's is held until its first
 * event has come, and forgotten if that is none of a hub's. Calls after the end are ignored, so that whoever sees the
 * end first may say it.
 */
export interface ExchangeRecorder {
  readonly exchange: ExchangeId;
  /** Names of `headers` in lower case. */
  responded(status: number, headers?: Readonly<Record<string, string>>): void;
  /** A piece of the body, in order; the whole body where it is seen only whole. */
  piece(payload: CopiedPayload, facts?: PieceFacts): void;
  ended(): void;
  /** The page itself ended it. */
  cancelled(): void;
  /** A platform's error or a text of ours. `act`: the user wanted it so. */
  failed(error: unknown, act?: TransportAct): void;
  /** Nothing more will be reported: who watches may let go. */
  readonly isOver: boolean;
}

export interface ExchangeContext {
  readonly exchange: ExchangeId;
  readonly origin: EventOrigin;
  readonly recognised: RecognisedRequest;
  readonly recognition: HttpRecognition;
  readonly now: () => Milliseconds;
  readonly report: Report;
  /** False once nobody takes what is reported. */
  readonly isActive: () => boolean;
  /** The user wants every event stream. May change at any time. */
  readonly wantsOthers: () => boolean;
  /** Calls back with the payload when the bytes of a copy are there; at once where they are. */
  readonly whenCopied: (copy: CopiedPayload, done: (payload: Payload) => void) => void;
}

export function createExchangeRecorder(request: ExchangeRequest, context: ExchangeContext): ExchangeRecorder {
  const { exchange, origin, recognised, recognition, now, report, wantsOthers, whenCopied } = context;
  const { purpose, connection } = recognised;
  const answer = createAnswerText();
  let verdict: "open" | "kept" | "ignored" = recognised.isCertain ? "kept" : "open";
  let held: CaptureEvent[] = [];
  let heldPayloads = 0;
  let heldSize = 0;
  let hasEnded = false;
  let isPoll = purpose === "receive";
  const queue = createOrderedQueue<CaptureEvent>((event) => quietly(() => deliver(event)));

  /** Negotiate, the handshake each way and the ends of a connection outlive payloads; polls and sends do not. */
  function isPinned(event: CaptureEvent): boolean {
    switch (purpose) {
      case "negotiate":
      case "control":
        return true;
      case "send":
        return isHandshake("hasSent", event.type === "http-ended");
      default:
        if (event.type === "http-response-body")
          return isHandshake("hasReceived", payloadSize(event.payload) > 0);
        return !isPoll || connection?.hasReceived !== true;
    }
  }

  function isHandshake(way: "hasSent" | "hasReceived", isComplete: boolean): boolean {
    if (connection === undefined) return false;
    const isFirst = !connection[way];
    if (isComplete) connection[way] = true;
    return isFirst;
  }

  function deliver(event: CaptureEvent): void {
    if (verdict === "ignored") return;
    if (verdict === "kept") {
      report(event, isPinned(event));
      return;
    }
    append(held, event);
    if (wantsOthers()) keep();
    else decide(event);
  }

  function decide(event: CaptureEvent): void {
    switch (event.type) {
      case "http-response":
        // The client asked for an event stream and got something else: an error page, a redirect to a log-in.
        if (!isEventStreamType(event.headers?.["content-type"])) ignore();
        return;
      case "http-response-body": {
        answer.add(event.payload);
        const data = firstEventData(answer.text);
        heldPayloads++;
        heldSize += payloadSize(event.payload);
        if (data !== undefined && isHubData(data)) keep();
        else if (data !== undefined || heldPayloads >= MAX_HELD_PAYLOADS || heldSize > MAX_HELD_SIZE)
          ignore();
        return;
      }
      case "http-ended":
        ignore();
        return;
      default:
    }
  }

  function keep(): void {
    verdict = "kept";
    for (let at = 0; at < held.length; at++) {
      const event = held[at];
      if (event !== undefined) report(event, isPinned(event));
    }
    held = [];
  }

  function ignore(): void {
    verdict = "ignored";
    held = [];
  }

  function later(copy: CopiedPayload, event: (payload: Payload) => CaptureEvent): void {
    if (copy.kind === "later") {
      const fill = queue.reserve();
      whenCopied(copy, (payload) => fill(event(payload)));
    } else queue.push(event(copy));
  }

  function end(facts: Omit<HttpEnded, "type" | "at" | "exchange"> = {}): void {
    if (hasEnded) return;
    hasEnded = true;
    if (purpose === "negotiate") quietly(() => recognition.learn(answer.text));
    queue.push({ type: "http-ended", at: now(), exchange, ...facts });
  }

  const { method, url, body, act } = request;
  const headers = request.headers && requestHeadersThatMatter(request.headers);
  const facts = {
    type: "http-request",
    at: now(),
    exchange,
    method,
    url,
    origin,
    ...(headers === undefined ? {} : { headers }),
    ...(act === undefined ? {} : { act }),
  } as const;
  if (body === undefined) queue.push(facts);
  else later(body, (payload) => ({ ...facts, body: payload }));

  return {
    exchange,
    responded(status, answered) {
      if (hasEnded) return;
      isPoll &&= !isEventStreamType(answered?.["content-type"]);
      const known = answered === undefined ? {} : { headers: answered };
      queue.push({ type: "http-response", at: now(), exchange, status, ...known });
    },
    piece(copy, facts = {}) {
      if (hasEnded) return;
      const at = now();
      if (purpose === "negotiate") whenCopied(copy, (payload) => answer.add(payload));
      later(copy, (payload) => ({ type: "http-response-body", at, exchange, payload, ...facts }));
    },
    ended: () => end(),
    cancelled: () => end({ cancelled: true }),
    failed: (error, act) =>
      end({ error: errorText(error, "The request did not finish."), ...(act === undefined ? {} : { act }) }),
    get isOver() {
      return hasEnded || verdict === "ignored" || !context.isActive();
    },
  };
}

/** Data of the first event in the text of a stream; undefined until a line with data has come whole. */
function firstEventData(stream: string): string | undefined {
  return /(?:^|[\r\n])data: ?([^\r\n]*)[\r\n]/.exec(stream)?.[1];
}

function isHubData(data: string): boolean {
  return isClassicStreamStart(data) || looksLikeHubTraffic({ kind: "text", text: data });
}
