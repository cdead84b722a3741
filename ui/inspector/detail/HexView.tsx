import type { TargetedMouseEvent } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { HexRow } from "../../../core/src/bytes/hex-rows.ts";
import { useRowList } from "../../list/use-row-list.ts";
import type { ByteSpan, HexMarks } from "./hex-marks-model.ts";
import type { HexModel } from "./hex-model.ts";

export interface HexViewProps {
  readonly model: HexModel;
  /** Absent where it is not known which bytes are which value. */
  readonly marks: HexMarks | undefined;
}

/** The bytes; those of the value that is selected in the tree are marked, and a click on a byte selects its value. */
export function HexView({ model, marks }: HexViewProps) {
  const { list } = model;
  const scroller = useRowList(list, { scrolled: list.scrolled, resized: model.resized });
  const span = marks?.span.value;
  const start = span?.start;
  useLayoutEffect(() => {
    if (start !== undefined) model.show(start);
  }, [model, start]);
  if (model.length === 0) return <p class="quiet detail-sentence">No bytes.</p>;
  return (
    <>
      <section
        ref={scroller}
        class="hex"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-label="Bytes"
        {...(marks === undefined ? {} : { "aria-describedby": "hex-caption" })}
        onClick={(event) => {
          const byte = byteOf(event);
          if (byte !== undefined) marks?.pick(byte);
        }}
        onKeyDown={(event) => {
          const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
          if (marks === undefined || by === 0 || event.ctrlKey || event.altKey || event.metaKey) return;
          marks.step(by);
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <div class="track" style={{ height: `${list.height.value}px` }}>
          <div class="rows" style={{ transform: `translateY(${list.window.value.top}px)` }}>
            {model.rows.value.map((row) => (
              <Row key={row.offset} row={row} half={model.perRow.value / 2} span={span} />
            ))}
          </div>
        </div>
      </section>
      {marks === undefined ? null : (
        <p id="hex-caption" class="hex-caption" role="status">
          {marks.caption.value === ""
            ? "Click a byte to see which value it belongs to."
            : marks.caption.value}
        </p>
      )}
    </>
  );
}

interface RowProps {
  readonly row: HexRow;
  /** Bytes before the gap. */
  readonly half: number;
  readonly span: ByteSpan | undefined;
}

function Row({ row, half, span }: RowProps) {
  const { offset, hex, ascii } = row;
  const isMarked = (index: number): boolean =>
    span !== undefined && offset + index >= span.start && offset + index < span.end;
  return (
    <div class="hex-row">
      <span class="hex-offset">{offset.toString(16).padStart(8, "0")}</span>
      <span class="hex-bytes" style={{ minWidth: `${half * 6 + 1}ch` }}>
        {hex.map((digits, index) => (
          <span
            key={index}
            data-byte={offset + index}
            class={isMarked(index) ? "marked" : ""}
          >{`${digits}${index === half - 1 ? "  " : " "}`}</span>
        ))}
      </span>
      <span class="hex-characters">
        {[...ascii].map((character, index) => (
          <span key={index} data-byte={offset + index} class={isMarked(index) ? "marked" : ""}>
            {character}
          </span>
        ))}
      </span>
    </div>
  );
}

function byteOf({ target }: TargetedMouseEvent<HTMLElement>): number | undefined {
  const text = target instanceof Element ? target.getAttribute("data-byte") : null;
  return text === null ? undefined : Number(text);
}
