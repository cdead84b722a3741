import type { PageNatives } from "./page-natives.ts";

/** Listeners of ours on one object of the page's. They hear the platform alone: what the page dispatches is its own. */
export interface OwnListeners {
  on(type: string, heard: (event: Event) => void): void;
  /** They hear no more. */
  end(): void;
}

export function createOwnListeners(
  target: EventTarget,
  natives: Pick<PageNatives, "listen" | "unlisten" | "isTrusted">,
): OwnListeners {
  const listeners: (readonly [type: string, listener: (event: Event) => void])[] = [];
  return {
    on(type, heard) {
      const listener = (event: Event) => {
        // As `quietly`, without a function for each event.
        try {
          if (natives.isTrusted(event)) heard(event);
        } catch {
          // A fault of the recording must cost the page nothing; what it loses is a gap in the recording.
        }
      };
      // No `push`: the page may have replaced it.
      listeners[listeners.length] = [type, listener];
      natives.listen(target, type, listener);
    },
    end() {
      for (let at = 0; at < listeners.length; at++) {
        const entry = listeners[at];
        if (entry !== undefined) natives.unlisten(target, entry[0], entry[1]);
      }
    },
  };
}
