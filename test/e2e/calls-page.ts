import type { CallReport } from "../servers/aspnetcore/wwwroot/all-calls.js";
import type { InspectedTab } from "./driver/inspected-browser.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expectedRows, messageRows, type PageMessage, showsInOrder } from "./page-messages.ts";
import { expect } from "./server-fixtures.ts";

/** What calls.html offers. */
export interface CallsPage {
  readonly connected: Promise<void>;
  readonly runAllCalls: () => Promise<CallReport[]>;
  readonly hubMessages: () => PageMessage[];
  readonly connection: {
    stop(): Promise<void>;
    invoke(target: string, ...args: unknown[]): Promise<unknown>;
  };
}

export const runAllCalls = (tab: InspectedTab): Promise<CallReport[]> =>
  tab.evaluate(() => (window as unknown as CallsPage).runAllCalls());
const hubMessages = (tab: InspectedTab) => tab.evaluate(() => (window as unknown as CallsPage).hubMessages());

/** The panel shows each message that the page's own client wrote or parsed, in order, and no other. */
export async function expectSameMessages(panel: PanelDriver, tab: InspectedTab): Promise<void> {
  const messages = await hubMessages(tab);
  const wanted = { out: expectedRows(messages, "out"), in: expectedRows(messages, "in") };
  await expect
    .poll(async () => {
      const rows = await panel.allRows();
      return [messageRows(rows, "out").length, messageRows(rows, "in").length];
    })
    .toEqual([wanted.out.length, wanted.in.length]);
  const rows = await panel.allRows();
  for (const direction of ["out", "in"] as const) {
    const shown = messageRows(rows, direction);
    expect(shown.map(({ cells }) => [cells["Type"], cells["Target"], cells["ID"]])).toEqual(
      wanted[direction].map(({ type, target, id }) => [type, target, id]),
    );
    const wrong = shown.filter(
      ({ cells }, at) => !showsInOrder(cells["Data"] ?? "", wanted[direction][at]?.data ?? []),
    );
    expect(wrong.map(({ cells }) => cells)).toEqual([]);
  }
}
