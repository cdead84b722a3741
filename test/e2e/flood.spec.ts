import { expect, test } from "./server-fixtures.ts";

const NUMBERS = 20_000;

interface FloodPage {
  readonly flood: Promise<{ readonly received: number }>;
}

test("20,000 messages of one burst arrive once and in order, and the panel goes on answering", async ({
  tab,
  server,
}) => {
  test.slow();
  await tab.goto(`${server}/blank.html`);
  const panel = await tab.openPanel();
  await panel.evaluate(() => {
    const page = window as unknown as { longestPause: number };
    page.longestPause = 0;
    let last = performance.now();
    const watch = (now: number) => {
      page.longestPause = Math.max(page.longestPause, now - last);
      last = now;
      setTimeout(() => watch(performance.now()), 10);
    };
    watch(last);
  });
  await tab.goto(`${server}/flood.html?mode=push&count=${NUMBERS}`);
  expect(await tab.evaluate(async () => (await (window as unknown as FloodPage).flood).received)).toBe(
    NUMBERS,
  );
  await panel.filter("target:Number dir:in type:invocation");
  await expect.poll(() => panel.rowCount(), { timeout: 60_000 }).toBe(NUMBERS);

  expect((await panel.rows()).length).toBeLessThan(200);
  const last = (await panel.rows()).at(-1);
  expect(last?.cells["Data"]).toBe(String(NUMBERS - 1));
  expect(
    await panel.evaluate(() => (window as unknown as { longestPause: number }).longestPause),
  ).toBeLessThan(2000);

  // Views from start to end, each of which must hold the numbers of its place.
  const views = 40;
  for (let view = 0; view <= views; view += 1) {
    const rows = await panel.rowsAt(view / views);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.map(({ cells }) => cells["Data"])).toEqual(rows.map(({ index }) => String(index - 1)));
  }
});
