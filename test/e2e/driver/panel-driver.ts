import type { BrowserKind } from "../../support/browsers.ts";
import { until } from "../../support/until.ts";
import { type AxeViolation, violationsIn } from "./axe.ts";
import type { PageFunction } from "./inspected-browser.ts";
import { markNamed, type PanelRow, rowsOfLog, scrollLog, textOfRegion } from "./panel-queries.ts";

/** The few things that a browser must do for us; everything else is the same in both. */
export interface PanelHandle {
  readonly browser: BrowserKind;
  evaluate<A extends readonly unknown[], R>(page: PageFunction<A, R>, ...args: A): Promise<R>;
  /** A trusted click in the middle of the element. */
  click(selector: string): Promise<void>;
  /** `ArrowDown`, `Control+f`: to whatever has the focus. */
  press(key: string): Promise<void>;
  /** Types characters into the element. */
  insert(selector: string, text: string): Promise<void>;
  screenshot(part: "panel" | "window"): Promise<Buffer>;
}

/** The extension's panel, in whichever browser. */
export interface PanelDriver extends PanelHandle {
  waitFor<A extends readonly unknown[], R>(page: PageFunction<A, R>, ...args: A): Promise<R>;
  /** Clicks what has this ARIA role and this accessible name (or one that begins so). */
  clickNamed(role: string, name: string): Promise<void>;
  /** Replaces the text of the field with this role and name. */
  fill(role: string, name: string, text: string): Promise<void>;
  hasNamed(role: string, name: string): Promise<boolean>;
  /** The rows that are in the document: what is to be seen and a little more. */
  rows(): Promise<readonly PanelRow[]>;
  /** All rows: scrolls through the log from its start to its end. */
  allRows(): Promise<readonly PanelRow[]>;
  /** The rows at a place of the log: 0 its start, 1 its end. */
  rowsAt(part: number): Promise<readonly PanelRow[]>;
  /** Number of rows that the log says it has. */
  rowCount(): Promise<number>;
  /** Clicks the first row for which `matches` is true; scrolls to it. */
  clickRow(matches: (row: PanelRow) => boolean): Promise<PanelRow>;
  detailText(): Promise<string>;
  /** Replaces the filter's text. */
  filter(text: string): Promise<void>;
  statusText(): Promise<string>;
  text(): Promise<string>;
  /** What axe-core finds wrong. */
  violations(): Promise<readonly AxeViolation[]>;
}

/** The panel's landmarks, where the driver must know them. */
const REGIONS = {
  filter: '[role="toolbar"] input[type="text"]',
  detail: '[aria-label="Detail"]',
  status: 'footer, [role="contentinfo"], [aria-label="Status"]',
} as const;

export function createPanelDriver(handle: PanelHandle): PanelDriver {
  const rows = () => handle.evaluate(rowsOfLog);

  const walk = async (visit: (rows: readonly PanelRow[]) => boolean): Promise<void> => {
    let at = await handle.evaluate(scrollLog, 0);
    for (;;) {
      if (visit(await rows())) return;
      if (at.top + at.height >= at.total - 1) return;
      at = await handle.evaluate(scrollLog, at.top + Math.max(1, at.height - 40));
    }
  };

  const selectorOf = (role: string, name: string) =>
    until(`the ${role} "${name}"`, () => handle.evaluate(markNamed, role, name));

  const replaceText = async (selector: string, text: string): Promise<void> => {
    await handle.click(selector);
    await handle.press("Control+a");
    await handle.press("Delete");
    if (text !== "") await handle.insert(selector, text);
  };

  return {
    ...handle,
    waitFor: (page, ...args) => until(String(page), () => handle.evaluate(page, ...args)) as never,
    clickNamed: async (role, name) => handle.click(await selectorOf(role, name)),
    fill: async (role, name, text) => replaceText(await selectorOf(role, name), text),
    hasNamed: async (role, name) => (await handle.evaluate(markNamed, role, name)) !== undefined,
    rows,
    allRows: async () => {
      const found = new Map<number, PanelRow>();
      await walk((seen) => {
        for (const row of seen) found.set(row.index, row);
        return false;
      });
      return [...found.values()].sort((a, b) => a.index - b.index);
    },
    rowsAt: async (part) => {
      const { total, height } = await handle.evaluate(scrollLog, 0);
      await handle.evaluate(scrollLog, Math.round((total - height) * part));
      return rows();
    },
    rowCount: () =>
      handle.evaluate(() => {
        const grid = document.querySelector('[role="grid"], [role="treegrid"]');
        return grid === null ? 0 : Number(grid.getAttribute("aria-rowcount")) - 1;
      }),
    clickRow: async (matches) => {
      let found: PanelRow | undefined;
      await walk((seen) => {
        found = seen.find(matches);
        return found !== undefined;
      });
      if (found === undefined) throw new Error(`No row for which ${String(matches)}.`);
      await handle.click(`[role="row"][aria-rowindex="${found.index + 1}"]`);
      return found;
    },
    detailText: () => handle.evaluate(textOfRegion, REGIONS.detail),
    filter: (text) => replaceText(REGIONS.filter, text),
    statusText: () => handle.evaluate(textOfRegion, REGIONS.status),
    text: () => handle.evaluate(textOfRegion, "body"),
    violations: () => violationsIn((page, ...args) => handle.evaluate(page, ...args)),
  };
}
