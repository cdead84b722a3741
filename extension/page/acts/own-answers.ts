import type { ActPayload } from "../../channel/acts.ts";
import { append, changed } from "../lists.ts";
import { startsText } from "../text-natives.ts";
import type { Piece } from "./pieces.ts";

/** Marks the invocation IDs that the panel chooses; no client of SignalR's has any of the kind. */
export const OWN_ID_PREFIX = "hubscope-";

/**
 * The invocations that the panel sent over one carrier and whose answers the page must not see: its client would warn
 * of IDs that it does not know.
 */
export interface OwnAnswers {
  readonly isEmpty: boolean;
  /** Pieces of ours are sent. `cancel`: what ends them early. */
  expect(sent: readonly Piece[], cancel: ActPayload | undefined): void;
  /** What these ask for is not expected any more. */
  forget(sent: readonly Piece[]): void;
  /** True for an item or a completion of ours; a completion is the last. */
  take(piece: Piece): boolean;
  /** What cancels those that are still open, each once. */
  takeCancels(): readonly ActPayload[];
}

const INVOCATION = 1;
const STREAM_ITEM = 2;
const COMPLETION = 3;
const STREAM_INVOCATION = 4;

export function createOwnAnswers(): OwnAnswers {
  let open: { readonly id: string; cancel: ActPayload | undefined }[] = [];
  return {
    get isEmpty() {
      return open.length === 0;
    },
    expect(sent, cancel) {
      for (let at = 0; at < sent.length; at++) {
        const record = sent[at]?.record;
        const id = record?.invocationId;
        const isCall = record?.type === INVOCATION || record?.type === STREAM_INVOCATION;
        if (isCall && id !== undefined && startsText(id, OWN_ID_PREFIX)) append(open, { id, cancel });
      }
    },
    forget(sent) {
      for (let at = 0; at < sent.length; at++) {
        const id = sent[at]?.record?.invocationId;
        open = changed(open, (call) => (call.id === id ? undefined : call));
      }
    },
    take({ record }) {
      if (open.length === 0 || (record?.type !== STREAM_ITEM && record?.type !== COMPLETION)) return false;
      const others = changed(open, (call) => (call.id === record.invocationId ? undefined : call));
      const isOwn = others.length < open.length;
      if (isOwn && record.type === COMPLETION) open = others;
      return isOwn;
    },
    takeCancels() {
      const cancels = changed(open, ({ cancel }) => cancel);
      open = changed(open, ({ id }) => ({ id, cancel: undefined }));
      return cancels;
    },
  };
}
