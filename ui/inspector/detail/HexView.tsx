import { useRowList } from "../../list/use-row-list.ts";
import type { HexModel } from "./hex-model.ts";

export function HexView({ model }: { readonly model: HexModel }) {
  const { list } = model;
  const scroller = useRowList(list, { scrolled: list.scrolled, resized: model.resized });
  if (model.length === 0) return <p class="quiet detail-sentence">No bytes.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section ref={scroller} class="hex" tabIndex={0} aria-label="Bytes">
      <div class="track" style={{ height: `${list.height.value}px` }}>
        <div class="rows" style={{ transform: `translateY(${list.window.value.top}px)` }}>
          {model.rows.value.map(({ offset, hex, ascii }) => (
            <div key={offset} class="hex-row">
              <span class="hex-offset">{offset.toString(16).padStart(8, "0")}</span>
              <span class="hex-bytes">{`${hex.slice(0, hex.length > 8 ? 8 : 4).join(" ")}  ${hex.slice(hex.length > 8 ? 8 : 4).join(" ")}`}</span>
              <span class="hex-characters">{ascii}</span>
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}
