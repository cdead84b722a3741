import type { CaptureEvent, SocketPayload } from "../../core/src/capture-event.ts";
import {
  isClassicSocketUrl,
  looksLikeClassicCall,
  looksLikeClassicServerText,
} from "../../core/src/wire/classic/detect.ts";
import { looksLikeHubTraffic, mayBeHubUrl } from "../../core/src/wire/detect-protocol.ts";
import type { Direction } from "../../core/src/wire/payload.ts";
import { MAX_HELD_PAYLOADS, MAX_HELD_SIZE } from "../channel/limits.ts";
import { payloadSize } from "../channel/payload-size.ts";
import { append } from "./lists.ts";
import type { Report } from "./report.ts";

const { hasOwn } = Object;

/** Decides whether a socket is SignalR's, and reports it if it is. Until then it holds a little. */
export interface SocketRecorder {
  /** What happened to the socket, in wire order. */
  record(event: CaptureEvent): void;
  /** It is SignalR's, or the user wants every socket. */
  readonly isKept: boolean;
}

export interface SocketRecorderOptions {
  readonly url: string;
  /** The page negotiated this address, so its socket is SignalR's before it says anything. */
  readonly isNegotiated: (url: string) => boolean;
  /** It has turned out to be SignalR's: another socket to this address is so too, though it may never get to speak. */
  readonly learn: (url: string) => void;
  /** The user wants every socket. May change at any time. */
  readonly wantsOthers: () => boolean;
  readonly report: Report;
  /** Called once when the socket turns out to be none of ours; nothing is reported after it. */
  readonly ignore: () => void;
}

export function createSocketRecorder(options: SocketRecorderOptions): SocketRecorder {
  const { url, isNegotiated, learn, wantsOthers, report, ignore } = options;
  let wasOpened = false;
  let verdict: "open" | "kept" | "ignored" = "open";
  let held: CaptureEvent[] = [];
  let heldPayloads = 0;
  let heldSize = 0;
  const seen: Record<Direction, boolean> = { out: false, in: false };

  /** The first payload each way is the handshake, without which the rest cannot be decoded. */
  function isPinned(event: CaptureEvent): boolean {
    if (event.type !== "socket-payload") return true;
    const isFirst = !seen[event.direction];
    seen[event.direction] = true;
    return isFirst;
  }

  function isWanted(event: CaptureEvent): boolean {
    if (wantsOthers()) return true;
    if (event.type === "socket-payload") {
      const isHubs = isHubTraffic(event);
      if (isHubs) learn(url);
      return isHubs;
    }
    // It failed before it could say anything: its address is all that tells, or that the user had a hub's fail.
    if (event.type === "socket-closed") return hasOwn(event, "act") || (!wasOpened && mayBeHubUrl(url));
    return event.type === "socket-opening" && (isClassicSocketUrl(url) || isNegotiated(url));
  }

  function keep(): void {
    verdict = "kept";
    for (let at = 0; at < held.length; at++) {
      const event = held[at];
      if (event !== undefined) report(event, isPinned(event));
    }
    held = [];
  }

  function giveUp(): void {
    verdict = "ignored";
    held = [];
    ignore();
  }

  return {
    get isKept() {
      return verdict === "kept";
    },
    record(event) {
      if (verdict === "ignored") return;
      if (verdict === "kept") return report(event, isPinned(event));
      append(held, event);
      if (event.type === "socket-opened") wasOpened = true;
      if (isWanted(event)) return keep();
      if (event.type === "socket-closed") return giveUp();
      if (event.type !== "socket-payload") return;
      heldPayloads++;
      heldSize += payloadSize(event.payload);
      if (heldPayloads >= MAX_HELD_PAYLOADS || heldSize > MAX_HELD_SIZE) giveUp();
    },
  };
}

/** Of a server's texts only an envelope with its cursor counts: `{}` and the replies of classic SignalR may be anybody's. */
function isHubTraffic({ payload, direction }: SocketPayload): boolean {
  if (looksLikeHubTraffic(payload)) return true;
  if (payload.kind !== "text") return false;
  const { text } = payload;
  return direction === "out"
    ? looksLikeClassicCall(text)
    : looksLikeClassicServerText(text) && text.startsWith('{"C":"');
}
