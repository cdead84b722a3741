import type { Milliseconds } from "../../core/src/capture-event.ts";

/** What the inspector asks of the window that it is shown in; tests bring their own. */
export interface InspectorPlatform {
  now(): Milliseconds;
  /** Calls back once before the next frame is drawn. */
  beforeFrame(callback: () => void): void;
  /** Calls back once when input and drawing have had their turn. */
  whenFree(callback: () => void): void;
  /** Rejects where the browser refuses the clipboard. */
  copy(text: string): Promise<void>;
}

export const browserPlatform: InspectorPlatform = {
  now: () => performance.timeOrigin + performance.now(),
  beforeFrame(callback) {
    // A hidden page draws no frames, and must catch up all the same.
    if (document.hidden) setTimeout(callback, 0);
    else requestAnimationFrame(callback);
  },
  whenFree(callback) {
    setTimeout(callback, 0);
  },
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (cause) {
      // Pages inside devtools are refused the clipboard API (crbug.com/1249250) and keep the old command.
      if (!copyByCommand(text)) throw new Error("The browser does not let this page copy.", { cause });
    }
  },
};

function copyByCommand(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return copied;
}
