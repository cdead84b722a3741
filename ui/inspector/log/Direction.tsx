import type { Direction as DirectionName } from "../../../core/src/wire/payload.ts";

/** An arrow as well as a colour, and a word for those who see neither. */
export function Direction({ direction }: { readonly direction: DirectionName | undefined }) {
  if (direction === undefined)
    return (
      <span class="direction none" aria-hidden="true">
        ·
      </span>
    );
  const word = direction === "out" ? "Client to server" : "Server to client";
  return (
    <span class={`direction ${direction}`} role="img" aria-label={word} title={word}>
      {direction === "out" ? "↑" : "↓"}
    </span>
  );
}
