import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { isNumber, keptSignal, type PreferenceStore } from "./preferences.ts";

/** A pane whose size the user sets. Pixels. */
export interface PaneSize {
  readonly size: ReadonlySignal<number>;
  readonly min: number;
  readonly max: ReadonlySignal<number>;
  resize(size: number): void;
}

/** Where the panes are and how large. */
export interface LayoutModel {
  /** The connections are a select, and the detail lies below the log. */
  readonly isNarrow: ReadonlySignal<boolean>;
  readonly logWidth: ReadonlySignal<number>;
  readonly side: PaneSize;
  /** Beside the log. */
  readonly detailWidth: PaneSize;
  /** Below the log, where narrow. */
  readonly detailHeight: PaneSize;
  /** At the bottom, over the whole width. */
  readonly drawerHeight: PaneSize;
  showDrawer(isShown: boolean): void;
  resized(width: number, height: number): void;
  logResized(width: number): void;
}

const NARROW = 700;
const LEAST_LOG_WIDTH = 240;
const LEAST_LOG_HEIGHT = 105;
const LEAST_DRAWER_HEIGHT = 120;

export function createLayoutModel(store: PreferenceStore): LayoutModel {
  const width = signal(0);
  const height = signal(0);
  const logWidth = signal(0);
  const isDrawerShown = signal(false);

  const pane = (name: string, initial: number, min: number, room: () => number): PaneSize => {
    const wanted = keptSignal(store, name, initial, isNumber);
    const max = computed(() => Math.max(min, room()));
    return {
      size: computed(() => Math.max(min, Math.min(wanted.value, max.value))),
      min,
      max,
      resize: (size) => {
        wanted.value = Math.round(Math.max(min, Math.min(size, max.value)));
      },
    };
  };

  const side = pane("inspector.side", 212, 120, () => width.value * 0.4);
  const drawerHeight = pane(
    "inspector.drawer-height",
    280,
    LEAST_DRAWER_HEIGHT,
    () => height.value - LEAST_LOG_HEIGHT,
  );
  return {
    isNarrow: computed(() => width.value > 0 && width.value < NARROW),
    logWidth,
    side,
    detailWidth: pane(
      "inspector.detail-width",
      350,
      200,
      () => width.value - side.size.value - LEAST_LOG_WIDTH,
    ),
    detailHeight: pane(
      "inspector.detail-height",
      260,
      80,
      () => height.value - LEAST_LOG_HEIGHT - (isDrawerShown.value ? drawerHeight.size.value : 0),
    ),
    drawerHeight,
    showDrawer: (isShown) => {
      isDrawerShown.value = isShown;
    },
    resized: (newWidth, newHeight) => {
      width.value = newWidth;
      height.value = newHeight;
    },
    logResized: (newWidth) => {
      logWidth.value = newWidth;
    },
  };
}
