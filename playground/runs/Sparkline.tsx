import { SPARKLINE, sparklinePath } from "./sparkline.ts";

/** The numbers of a stream as a line; the items below say the same in figures. */
export function Sparkline({ numbers }: { readonly numbers: readonly number[] }) {
  const path = sparklinePath(numbers);
  if (path === "") return null;
  return (
    <svg
      class="pg-sparkline"
      viewBox={`0 0 ${SPARKLINE.width} ${SPARKLINE.height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}
