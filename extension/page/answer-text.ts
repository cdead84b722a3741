import type { Payload } from "../../core/src/wire/payload.ts";

import { sliceText } from "./text-natives.ts";
import { viewParts } from "./view-parts.ts";

const { fromCharCode } = String;

/** The beginning of an answer as text, enough of it for a glance. Answers to negotiate are ASCII but for messages. */
export interface AnswerText {
  add(payload: Payload): void;
  readonly text: string;
}

/** Connection tokens of Azure come with access tokens of some kilobytes. */
const MAX_LENGTH = 64 * 1024;

export function createAnswerText(): AnswerText {
  let text = "";
  return {
    add(payload) {
      const room = MAX_LENGTH - text.length;
      if (room <= 0 || payload.kind === "omitted") return;
      text += payload.kind === "text" ? sliceText(payload.text, 0, room) : latin(payload.bytes, room);
    },
    get text() {
      return text;
    },
  };
}

/** A character for each byte: what is looked for is ASCII, and a byte of another character is no quote or brace. */
function latin(bytes: Uint8Array, most: number): string {
  const { size } = viewParts(bytes);
  let text = "";
  for (let at = 0; at < size && at < most; at++) text += fromCharCode(bytes[at] ?? 0);
  return text;
}
