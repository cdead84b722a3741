import { writeList } from "../../core/src/session/preview-value.ts";
import { createPreviewWriter } from "../../core/src/session/preview-writer.ts";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import "../../ui/value/value.css";

/** More than any line shows. */
const LONGEST = 300;

/** Values on one line, separated by commas, in the colours of the log. */
export function ValuePreview({ values }: { readonly values: readonly WireValue[] }) {
  const writer = createPreviewWriter(LONGEST);
  writeList(writer, values);
  return (
    <>
      {writer.tokens().map(({ kind, text }, index) => (
        <span key={index} class={`v-${kind}`}>
          {text}
        </span>
      ))}
    </>
  );
}
