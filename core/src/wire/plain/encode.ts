import { writeJson } from "../json/write-value.ts";
import type { PlainMessage } from "./message.ts";

/** Throws a TypeError on what JSON cannot carry. */
export function encodePlain(message: PlainMessage): string | Uint8Array<ArrayBuffer> {
  switch (message.kind) {
    case "plain-text":
      return message.text;
    case "plain-json":
      return writeJson(message.value, JSON.stringify) + (message.endsWithNewline ? "\n" : "");
    case "plain-binary":
      return new Uint8Array(message.bytes);
  }
}
