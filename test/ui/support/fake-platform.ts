import type { InspectorPlatform } from "../../../ui/inspector/platform.ts";

/** A window whose time, frames and clipboard the test holds. Reading the clock costs `perReading` milliseconds. */
export interface FakePlatform extends InspectorPlatform {
  readonly copied: readonly string[];
  readonly waiting: number;
  perReading: number;
  advance(milliseconds: number): void;
  /** Runs the frame callbacks that wait now. */
  drawFrame(): void;
  /** Runs the oldest piece of free-time work; false where none waits. */
  runFree(): boolean;
  runAllFree(): void;
}

export function fakePlatform(now = 0): FakePlatform {
  let time = now;
  let frames: (() => void)[] = [];
  const free: (() => void)[] = [];
  const copied: string[] = [];
  const platform: FakePlatform = {
    copied,
    perReading: 0,
    get waiting() {
      return free.length;
    },
    now: () => {
      time += platform.perReading;
      return time;
    },
    beforeFrame: (callback) => {
      frames.push(callback);
    },
    whenFree: (callback) => {
      free.push(callback);
    },
    copy: async (text) => {
      copied.push(text);
    },
    advance: (milliseconds) => {
      time += milliseconds;
    },
    drawFrame: () => {
      const due = frames;
      frames = [];
      for (const callback of due) callback();
    },
    runFree: () => {
      const next = free.shift();
      next?.();
      return next !== undefined;
    },
    runAllFree: () => {
      while (platform.runFree());
    },
  };
  return platform;
}
