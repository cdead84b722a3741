import type { Payload } from "../../core/src/wire/payload.ts";
import { bytesPayload, type CopiedPayload } from "./copy-payload.ts";
import type { PageNatives } from "./page-natives.ts";
import { quietly } from "./quietly.ts";

/** Calls back with the payload: at once, or when the bytes of a Blob have been read. */
export function whenCopied(
  copy: CopiedPayload,
  natives: PageNatives,
  done: (payload: Payload) => void,
): void {
  if (copy.kind !== "later") {
    done(copy);
    return;
  }
  const { bytes, size } = copy;
  natives.settled(
    bytes,
    (buffer) => quietly(() => done(bytesPayload(buffer, 0, natives.bufferSize(buffer)))),
    () => quietly(() => done({ kind: "omitted", reason: "unreadable", size })),
  );
}
