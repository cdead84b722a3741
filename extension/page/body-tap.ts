import type { Payload } from "../../core/src/wire/payload.ts";
import { bytesPayload, type CopiedPayload, textPayload } from "./copy-payload.ts";
import type { ExchangeRecorder } from "./exchange-recorder.ts";
import { viewParts } from "./view-parts.ts";

/**
 * One way in which the page may consume an answer: its stream, or a branch of it after `tee` or `clone`. All branches
 * bring the same bytes, each at its own pace; what one has brought is recorded once.
 */
export interface BodyBranch {
  /** The page has got these bytes; they are copied at once. */
  piece(bytes: ArrayBufferView): void;
  /** The page has got the whole body; nothing of this branch was read before. */
  wholeText(text: string): void;
  /** The page has got its value alone; the text was made of that, and its bytes are not those that came. */
  wholeValue(text: string): void;
  wholeBuffer(buffer: ArrayBuffer, size: number): void;
  wholeView(bytes: ArrayBufferView): void;
  /** What is not in memory as text or bytes: a Blob, a form. */
  whole(copy: CopiedPayload): void;
  ended(): void;
  failed(error: unknown): void;
  /** The page wants no more of this branch; the exchange is cut off when it wants no more of any. */
  cancelled(): void;
  /**
   * Nothing is recorded any more, also because the page has aborted the exchange: then what it reads is refused at once,
   * and must not be so later than natively for our having a look at it.
   */
  isOver(): boolean;
  /** The two that take the place of this one. */
  split(): readonly [BodyBranch, BodyBranch];
}

/** All that there will be. */
const WHOLE = Number.POSITIVE_INFINITY;
const CANCELLED = "The page cancelled the response.";

export function createBodyTap(
  recorder: ExchangeRecorder,
  encode: (text: string) => Uint8Array,
  abortReason: () => { readonly reason: unknown } | undefined,
): BodyBranch {
  let recorded = 0;
  let branches = 0;

  function record(payload: Payload): void {
    recorder.piece(payload);
  }

  function branchAt(start: number): BodyBranch {
    let position = start;
    let isLive = true;
    branches++;

    function drop(): void {
      isLive = false;
      branches--;
    }

    function bytesAt(buffer: ArrayBuffer, offset: number, size: number): void {
      const known = recorded > position ? recorded - position : 0;
      position += size;
      if (known >= size || recorder.isOver) return;
      recorded = position;
      record(bytesPayload(buffer, offset + known, size - known));
    }

    function viewAt(view: ArrayBufferView): void {
      const { buffer, offset, size } = viewParts(view);
      bytesAt(buffer, offset, size);
    }

    return {
      piece: viewAt,
      wholeText(text) {
        if (recorded === 0 && text !== "") {
          recorded = WHOLE;
          record(textPayload(text));
        } else {
          // Another branch has brought a part of it as bytes.
          viewAt(encode(text));
        }
        recorder.ended();
      },
      wholeValue(text) {
        if (recorded === 0) {
          recorded = WHOLE;
          recorder.piece(textPayload(text), { isRewritten: true });
        } else if (recorded < WHOLE) {
          // Another branch has brought a part of it as bytes. What is missing is no part of this text: that branch may bring it.
          if (branches > 1) return drop();
          recorder.piece({ kind: "omitted", reason: "not-captured", size: 0 });
        }
        recorder.ended();
      },
      wholeBuffer(buffer, size) {
        bytesAt(buffer, 0, size);
        recorder.ended();
      },
      wholeView(bytes) {
        viewAt(bytes);
        recorder.ended();
      },
      whole(copy) {
        if (recorded === 0) recorder.piece(copy);
        recorded = WHOLE;
        recorder.ended();
      },
      ended: () => recorder.ended(),
      failed: (error) => recorder.failed(error),
      cancelled() {
        if (!isLive) return;
        drop();
        if (branches === 0) recorder.failed(CANCELLED);
      },
      isOver() {
        const aborted = recorder.isOver ? undefined : abortReason();
        if (aborted !== undefined) recorder.failed(aborted.reason);
        return recorder.isOver;
      },
      split() {
        drop();
        return [branchAt(position), branchAt(position)];
      },
    };
  }

  return branchAt(0);
}
