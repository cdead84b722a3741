import type { TargetedPointerEvent } from "preact";
import "./controls.css";

export interface SplitterProps {
  readonly label: string;
  /** Which way the border lies: a vertical one is dragged sideways. */
  readonly orientation: "vertical" | "horizontal";
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** 1 where dragging right or down makes the pane larger, −1 where it makes it smaller. */
  readonly sign: 1 | -1;
  readonly controls: string;
  readonly onResize: (value: number) => void;
}

const STEP = 16;

/** The border between two panes: dragged, or moved with the arrow keys. */
export function Splitter(props: SplitterProps) {
  const { label, orientation, value, min, max, sign, controls, onResize } = props;
  const isVertical = orientation === "vertical";
  const resize = (to: number): void => onResize(Math.max(min, Math.min(to, max)));

  const drag = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    const element = event.currentTarget;
    const start = isVertical ? event.clientX : event.clientY;
    const controller = new AbortController();
    const { signal } = controller;
    const follow = (moved: PointerEvent): void => {
      resize(value + sign * ((isVertical ? moved.clientX : moved.clientY) - start));
    };
    element.setPointerCapture(event.pointerId);
    element.addEventListener("pointermove", follow, { signal });
    for (const end of ["pointerup", "pointercancel"] as const) {
      element.addEventListener(end, () => controller.abort(), { signal });
    }
  };

  const press = (event: KeyboardEvent): void => {
    const keys = isVertical ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const direction = keys.indexOf(event.key);
    if (direction >= 0) resize(value + sign * STEP * (direction === 1 ? 1 : -1));
    else if (event.key === "Home") resize(min);
    else if (event.key === "End") resize(max);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved; this is the ARIA window splitter pattern.
    <div
      class={`splitter ${orientation}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(value)}
      aria-valuemin={min}
      aria-valuemax={Math.round(max)}
      aria-controls={controls}
      onPointerDown={drag}
      onKeyDown={press}
    />
  );
}
