import type { CaptureEvent } from "../../core/src/capture-event.ts";

/** Takes what the hook observed. Pinned events outlive payloads in the relay's buffer. */
export type Report = (event: CaptureEvent, pinned: boolean) => void;
