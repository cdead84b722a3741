import { useLayoutEffect, useRef } from "preact/hooks";
import { formatCount } from "../../ui/format/format-count.ts";
import { ValuePreview } from "../value-preview/ValuePreview.tsx";
import type { StreamProgress } from "./run.ts";

/** The last items of a stream, following the newest unless the user has scrolled up. */
export function StreamItems({ stream }: { readonly stream: StreamProgress }) {
  const list = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (follows.current) list.current?.scrollTo(0, list.current.scrollHeight);
  });
  return (
    <ol
      class="pg-items"
      ref={list}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
      tabIndex={0}
      aria-label="Items"
      onScroll={({ currentTarget }) => {
        follows.current =
          currentTarget.scrollTop + currentTarget.clientHeight >= currentTarget.scrollHeight - 4;
      }}
    >
      {stream.items.map(({ number, value }) => (
        <li key={number}>
          <span class="pg-quiet">{formatCount(number)}</span>
          <span>
            <ValuePreview values={[value]} />
          </span>
        </li>
      ))}
    </ol>
  );
}
