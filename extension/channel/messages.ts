/**
 * What the contexts say to each other, one guard table a direction. The background forwards `batch`,
 * `piece`, `leaving`, `resume` and `acknowledge` without looking into them.
 *
 * @module
 */
import {
  isActAnswer,
  isActCommand,
  isActStrikes,
  isDocumentAnswer,
  isDocumentCommand,
  isDocumentStrikes,
} from "./acts.ts";
import { type CaptureEvent, isReportedEvent } from "./capture-event-guard.ts";
import { type Guard, isMessageOf, type MessageGuards, type MessageOf } from "./channel.ts";
import {
  hasShape,
  isAnything,
  isCount,
  isFlag,
  isId,
  isListOf,
  isNothing,
  isNumber,
  isOptional,
  isUrlText,
} from "./guards.ts";
import { MAX_ANCESTORS, MAX_BATCH_EVENTS, MAX_CROSSING_EVENTS, MAX_FRAMES, MAX_PATTERNS } from "./limits.ts";

export interface ObservedEvent {
  readonly event: CaptureEvent;
  /** It outlives payloads in the relay's buffer. */
  readonly pinned: boolean;
}

export const isObservedEvent: Guard<ObservedEvent> = hasShape({ event: isReportedEvent, pinned: isFlag });

/** Page hook → relay. */
export const FROM_PAGE = {
  /**
   * What has happened since the last of these; each is to be checked by `isObservedEvent` or `isPayloadRun`; none of a run is
   * pinned. Texts come by themselves: see `putTexts`.
   */
  observed: hasShape({ events: isListOf(isAnything, 2 * MAX_CROSSING_EVENTS) }),
  "act-answered": isActAnswer,
  "fault-struck": isActStrikes,
} satisfies MessageGuards;

/** Relay → page hook. */
export const TO_PAGE = {
  act: isActCommand,
  /** Nobody may act any more: what was held is delivered. */
  "undo-acts": isNothing,
  stop: isNothing,
  /** Whether the user wants sockets and streams that are not SignalR's too. Not until this says so. */
  "other-traffic": hasShape({ wanted: isFlag }),
} satisfies MessageGuards;

/** One document with a relay in it. */
export interface DocumentIdentity {
  /** Random, chosen by the relay. */
  readonly document: string;
  /** Address without its fragment. */
  readonly url: string;
  readonly frame: "top" | "child";
  /** When the tab came to show it, in milliseconds since the epoch; before its scripts ran. */
  readonly shownAt?: number | undefined;
}

const isFrame: Guard<"top" | "child"> = (value): value is "top" | "child" =>
  value === "top" || value === "child";
/** A relay's greeting: which document it is of, and how much that has said, though nobody has asked for it yet. */
export interface Greeting extends DocumentIdentity {
  /** Number of its last event; 0 where there is none. */
  readonly number: number;
  /** The page had begun before the relay was there, and with it the hook: what was open then is not known. */
  readonly isLate: boolean;
}

const GREETING = {
  document: isId,
  url: isUrlText,
  frame: isFrame,
  shownAt: isOptional(isNumber),
  number: isCount,
  isLate: isFlag,
};
const isGreeting: Guard<Greeting> = hasShape(GREETING);

export interface FirstGreeting extends Greeting {
  /** The relay does not know yet whether one of these origins is switched off, and may not live to hear it. */
  readonly undecidedFor?: readonly string[] | undefined;
}

const isFirstGreeting: Guard<FirstGreeting> = hasShape({
  ...GREETING,
  undecidedFor: isOptional(isListOf(isUrlText, MAX_ANCESTORS)),
});

export interface NumberedEvent {
  /** Position in the document's recording, from 1; of a run that of its first event. */
  readonly number: number;
  /** As `toWire` made it. */
  readonly event: unknown;
}

const isNumberedEvent = hasShape<NumberedEvent>({ number: isCount, event: isAnything });

export const isBatch = hasShape({ document: isId, events: isListOf(isNumberedEvent, 2 * MAX_BATCH_EVENTS) });
const isPosition = hasShape({ document: isId, number: isCount });
const isPiece = hasShape({
  document: isId,
  number: isCount,
  index: isCount,
  count: isCount,
  event: isAnything,
  part: isAnything,
});
/** `pieces`: how many pieces of the event after `number` have come. */
const isReceipt = hasShape({ document: isId, number: isCount, pieces: isCount });

const isLeaving = hasShape({ document: isId, cached: isFlag, number: isCount });

/** Relay → background. */
export const FROM_RELAY = {
  hello: isFirstGreeting,
  /** Asked for by `resume`; unasked only as the last words of a document that dies before it was asked. */
  batch: isBatch,
  /** A part of an event that is too large for one message; see `pieces.ts`. */
  piece: isPiece,
  /** The document goes, with `number` its last event. "cached": it may come back (back/forward cache). */
  leaving: isLeaving,
  "act-answered": isDocumentAnswer,
  "fault-struck": isDocumentStrikes,
} satisfies MessageGuards;

/** Background → relay. */
export const TO_RELAY = {
  /** No panel is open on this tab: disconnect and go on recording. */
  unwatched: isNothing,
  /** Send what comes after `number`. `probe`: see `binaryProbe`. */
  resume: hasShape({ document: isId, number: isCount, probe: isAnything }),
  acknowledge: isReceipt,
  act: isDocumentCommand,
} satisfies MessageGuards;

/** Background → relay, outside ports. */
export const TO_TAB = {
  /** A panel has opened: connect. */
  watch: isNothing,
  /** All that the extension may read now: who is not covered any more is not recorded any more. */
  granted: hasShape({ patterns: isListOf(isUrlText, MAX_PATTERNS) }),
} satisfies MessageGuards;

/** Background → panel. */
export const TO_PANEL = {
  "document-connected": isGreeting,
  batch: isBatch,
  piece: isPiece,
  leaving: isLeaving,
  /** The port to its relay is gone, and all that came over it has been passed on. */
  "document-disconnected": hasShape({ document: isId }),
  "act-answered": isDocumentAnswer,
  "fault-struck": isDocumentStrikes,
  /**
   * May `url`'s site be read, is recording of its origin switched off, and has the tab's top document a relay of this
   * very extension that records?
   */
  access: hasShape({ url: isUrlText, granted: isFlag, switchedOff: isFlag, relay: isFlag }),
  /** Of the frames that the panel asked for, those whose site may not be read. */
  "frames-access": hasShape({
    asked: isListOf(isUrlText, MAX_FRAMES),
    refused: isListOf(isUrlText, MAX_FRAMES),
  }),
} satisfies MessageGuards;

/** Panel → background. */
export const FROM_PANEL = {
  /** `url` of the inspected page. Answered by `access`; relays of the tab connect. */
  survey: hasShape({ url: isUrlText }),
  resume: isPosition,
  acknowledge: isReceipt,
  act: isDocumentCommand,
  /** Keeps the background from being stopped for idleness while a panel is open. */
  "keep-alive": isNothing,
  /** Where the panel itself may not ask for access (Firefox). */
  "open-grant-page": hasShape({ url: isUrlText }),
  /** Recording of `url`'s origin is wanted again. */
  "switch-on": hasShape({ url: isUrlText }),
  /** Addresses of the page's frames. Answered by `frames-access`. */
  "survey-frames": hasShape({ urls: isListOf(isUrlText, MAX_FRAMES) }),
  /** `url` of the inspected page, where it has one that extensions may know. */
  "open-options": hasShape({ url: isOptional(isUrlText) }),
} satisfies MessageGuards;

export type FromPage = MessageOf<typeof FROM_PAGE>;
export type ToPage = MessageOf<typeof TO_PAGE>;
export type FromRelay = MessageOf<typeof FROM_RELAY>;
export type ToRelay = MessageOf<typeof TO_RELAY>;
export type ToPanel = MessageOf<typeof TO_PANEL>;
export type FromPanel = MessageOf<typeof FROM_PANEL>;
export type ToTab = MessageOf<typeof TO_TAB>;

export const RELAY_PORT = "relay";
const PANEL_PORT = /^panel:(\d{1,15})$/;

export function panelPortName(tab: number): string {
  return `panel:${tab}`;
}

/** The tab that a panel's port is for; undefined when the name is no panel's. */
export function tabOfPanelPort(name: string): number | undefined {
  const digits = PANEL_PORT.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function isToTab(value: unknown): value is ToTab {
  return isMessageOf(TO_TAB, value);
}
