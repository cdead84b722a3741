import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Milliseconds } from "../../core/src/capture-event.ts";
import { browserPlatform } from "../../ui/inspector/platform.ts";
import { connectedFor } from "./connected-for.ts";

/** "connected for 4 min 12 s", counting. */
export function ConnectedFor({ since }: { readonly since: Milliseconds }) {
  const now = useSignal(browserPlatform.now());
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = browserPlatform.now();
    }, 1000);
    return () => clearInterval(timer);
  }, [now]);
  return (
    <span>
      <b>connected</b> {connectedFor(now.value - since)}
    </span>
  );
}
