import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { hookPage } from "../../extension/page/page-hook.ts";
import { capturePageNatives } from "../../extension/page/page-natives.ts";

/** What the network of a frame answers. Absent: the request fails. */
export type FakeNetwork = (url: string, init: RequestInit | undefined) => Response | undefined;

/** A window of its own, hooked or not, with a network that the test is. */
export interface HookedFrame {
  readonly window: Window & typeof globalThis;
  /** What the hook reported, without ids and times that differ by themselves. */
  readonly events: CaptureEvent[];
  readonly pinned: CaptureEvent[];
  remove(): void;
}

/** `network` gets the frame's window, so that what it makes is of the frame's own kind. */
export function createHookedFrame(
  network: (window: Window & typeof globalThis) => FakeNetwork,
  { isHooked = true, isActive = () => true } = {},
): HookedFrame {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const window = frame.contentWindow as Window & typeof globalThis;
  const events: CaptureEvent[] = [];
  const pinned: CaptureEvent[] = [];
  const answer = network(window);
  window.fetch = (input, init) => {
    const url = typeof input === "string" ? input : "url" in input ? input.url : input.href;
    const response = answer(url, init);
    return response === undefined
      ? window.Promise.reject(new window.TypeError("Failed to fetch"))
      : window.Promise.resolve(response);
  };
  if (isHooked) {
    hookPage(window, capturePageNatives(window), {
      report(event, isPinned) {
        events.push(event);
        if (isPinned) pinned.push(event);
      },
      isActive,
      wantsOthers: () => false,
    });
  }
  return { window, events, pinned, remove: () => frame.remove() };
}

/** A body that says what it was asked for, one chunk for each pull. */
export function createLoggedBody(
  window: Window & typeof globalThis,
  chunks: readonly string[],
  log: string[],
  { fails = false } = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  const encoder = new window.TextEncoder();
  return new window.ReadableStream(
    {
      type: "bytes",
      pull(controller) {
        const chunk = chunks[at++];
        log.push(`pull ${at}`);
        if (chunk !== undefined) controller.enqueue(encoder.encode(chunk));
        else if (fails) controller.error(new window.TypeError("network error"));
        else {
          controller.close();
          // A reader that brought its own buffer is told of the end by that.
          controller.byobRequest?.respond(0);
        }
      },
      cancel(reason) {
        log.push(`cancel ${String(reason)}`);
      },
    },
    { highWaterMark: 0 },
  );
}
