/**
 * Functions that are sent to the panel as source text: each stands alone and looks at the page as assistive
 * technology does, by role and name.
 *
 * @module
 */

export interface PanelRow {
  /** `aria-rowindex`: position in the list that is shown, from 1 (the header is not counted). */
  readonly index: number;
  /** Text of each cell by the name of its column. */
  readonly cells: Readonly<Record<string, string>>;
  readonly text: string;
  readonly selected: boolean;
}

/**
 * Marks the visible element with this role and accessible name (or one that begins so) with an attribute, by which it is
 * found however the page changes around it. Returns its selector; undefined where there is none.
 */
export function markNamed(role: string, name: string): string | undefined {
  const implicit: Record<string, string> = {
    button: "button, input[type=button], summary",
    textbox: "input:not([type]), input[type=text], textarea",
    searchbox: "input[type=search]",
    checkbox: "input[type=checkbox]",
    combobox: "select, input[list]",
    radio: "input[type=radio]",
    option: "option",
    link: "a[href]",
    spinbutton: "input[type=number]",
  };
  const selector = [`[role="${role}"]`, implicit[role] ?? []].flat().join(", ");
  const contentOf = (node: Node): string => {
    if (!(node instanceof Element)) return node.textContent ?? "";
    if (node.getAttribute("aria-hidden") === "true") return "";
    return node.getAttribute("aria-label") ?? [...node.childNodes].map(contentOf).join(" ");
  };
  const nameOf = (element: Element): string => {
    const labelled = element.getAttribute("aria-labelledby")?.split(/\s+/);
    const labels = labelled?.map((id) => document.getElementById(id)) ?? [
      ...((element as HTMLInputElement).labels ?? []),
    ];
    const own =
      labels.length > 0
        ? labels.map((label) => (label ? contentOf(label) : "")).join(" ")
        : contentOf(element);
    const name = own.trim() || element.getAttribute("title") || element.getAttribute("placeholder") || "";
    return name.replace(/\s+/g, " ").trim();
  };
  const visible = (element: Element) => element.getClientRects().length > 0;
  const all = [...document.querySelectorAll(selector)].filter(visible);
  const found =
    all.find((element) => nameOf(element) === name) ??
    all.find((element) => nameOf(element).startsWith(name));
  if (found === undefined) return undefined;
  // Kept in the document: in Firefox each script has globals of its own.
  const { dataset } = document.documentElement;
  const mark = String(Number(dataset["testMarks"] ?? 0) + 1);
  dataset["testMarks"] = mark;
  found.setAttribute("data-test-mark", mark);
  return `[data-test-mark="${mark}"]`;
}

/** The rows of the message log that are in the document now. */
export function rowsOfLog(): PanelRow[] {
  const grid = document.querySelector('[role="grid"], [role="treegrid"]');
  if (grid === null) return [];
  const textOf = (element: Element) => (element.textContent ?? "").trim();
  const columns = [...grid.querySelectorAll('[role="columnheader"]')].map((header, at) => ({
    name:
      header.getAttribute("aria-label") ??
      (textOf(header) || header.getAttribute("title") || `column ${at + 1}`),
    at: Number(header.getAttribute("aria-colindex") ?? at + 1),
  }));
  const rows = [...grid.querySelectorAll('[role="row"]')].filter(
    (row) => row.querySelector('[role="columnheader"]') === null,
  );
  return rows
    .map((row, at) => {
      const cells: Record<string, string> = {};
      [...row.querySelectorAll('[role="gridcell"], [role="cell"], [role="rowheader"]')].forEach(
        (cell, place) => {
          const index = Number(cell.getAttribute("aria-colindex") ?? place + 1);
          const column = columns.find((c) => c.at === index)?.name ?? `column ${index}`;
          cells[column] = textOf(cell);
        },
      );
      return {
        index: Number(row.getAttribute("aria-rowindex") ?? at + 2) - 1,
        cells,
        text: textOf(row),
        selected: row.getAttribute("aria-selected") === "true",
      };
    })
    .sort((a, b) => a.index - b.index);
}

/** Scrolls the log to `top` pixels and waits until it has been drawn there. */
export async function scrollLog(top: number): Promise<{ top: number; height: number; total: number }> {
  const grid = document.querySelector('[role="grid"], [role="treegrid"]');
  const scrollable = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowY);
  const inside = grid === null ? [] : [grid, ...grid.querySelectorAll("*")];
  let scroller: Element | null | undefined = inside.find((element) => scrollable(element));
  for (let at = grid?.parentElement; scroller === undefined && at != null; at = at.parentElement) {
    if (scrollable(at)) scroller = at;
  }
  if (scroller == null) return { top: 0, height: 0, total: 0 };
  scroller.scrollTop = top;
  // The event comes with the next frame, the rows with the one after.
  for (let frame = 0; frame < 3; frame += 1) await new Promise((drawn) => requestAnimationFrame(drawn));
  return { top: scroller.scrollTop, height: scroller.clientHeight, total: scroller.scrollHeight };
}

export function textOfRegion(selector: string): string {
  const region = document.querySelector<HTMLElement>(selector);
  // Not textContent: what is hidden is not text that a user can read.
  return region?.innerText ?? "";
}
