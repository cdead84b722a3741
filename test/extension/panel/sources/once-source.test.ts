import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../../core/src/capture-event.ts";
import { createOnceOutlet } from "../../../../extension/page/once-outlet.ts";
import type { PageNatives } from "../../../../extension/page/page-natives.ts";
import { createOnceSource } from "../../../../extension/panel/sources/once-source.ts";
import { createFakeClock } from "../../../support/fake-clock.ts";

/** A document whose hook has no relay: only events reach it. */
function createPage(key: string) {
  const document = new EventTarget();
  const natives = {
    randomId: () => `document-${key}`,
    listen: (target: EventTarget, type: string, listener: (event: Event) => void) =>
      target.addEventListener(type, listener),
    detail: (event: Event) => (event as CustomEvent<unknown>).detail,
  } as unknown as PageNatives;
  const { report } = createOnceOutlet(document as Document, natives, key);
  const scope: Record<string, unknown> = {
    document,
    CustomEvent,
    location: { href: "https://example.com/" },
    frames: [],
  };
  return { report: (event: CaptureEvent) => report(event, false), document, scope };
}

type Page = ReturnType<typeof createPage>;

function createDevtools() {
  const clock = createFakeClock();
  const applied: CaptureEvent[] = [];
  const reloads: string[] = [];
  let page: Page | undefined;
  let isDeaf = false;
  const source = createOnceSource({
    clock,
    script: async () => "/* the hook */",
    reloadWith: (script) => reloads.push(script),
    async ask(expression) {
      if (isDeaf) throw new Error("The page is being replaced.");
      if (page === undefined) return undefined;
      // As devtools do: run in the page, and only what JSON can carry comes back.
      const run = new Function("window", `return ${expression}`) as (window: unknown) => unknown;
      return JSON.parse(JSON.stringify(run(page.scope))) as unknown;
    },
    randomKey: () => "key-1",
    hasHook: () => false,
    apply: (event) => applied.push(event),
    changed() {},
  });
  return {
    clock,
    source,
    applied,
    reloads,
    async load(): Promise<Page> {
      source.start();
      await clock.advance(0);
      page = createPage("key-1");
      source.navigated();
      return page;
    },
    set deaf(value: boolean) {
      isDeaf = value;
    },
  };
}

const payload = (at: number, bytes = new Uint8Array([at % 256, 0x95, 0xff])): CaptureEvent => ({
  type: "socket-payload",
  at,
  socket: "socket-1",
  direction: "in",
  payload: { kind: "binary", bytes },
});

describe("reload and capture", () => {
  test("reloads with the packaged hook, the key around it, and nothing global", async () => {
    const devtools = createDevtools();
    await devtools.load();
    expect(devtools.reloads).toEqual(['(() => { const HUBSCOPE_KEY = "key-1";\n/* the hook */\n})();']);
    expect(devtools.source.state).toBe("capturing");
  });

  test("brings every event once and in order, bytes as they were", async () => {
    const devtools = createDevtools();
    const page = await devtools.load();
    for (let at = 0; at < 50; at++) {
      page.report(payload(at));
      if (at % 7 === 0) await devtools.clock.advance(200);
    }
    await devtools.clock.advance(2_000);
    expect(devtools.applied).toEqual(Array.from({ length: 50 }, (_, at) => payload(at)));
  });

  test("an answer that is lost on the way is asked for again", async () => {
    const devtools = createDevtools();
    const page = await devtools.load();
    page.report(payload(1));
    devtools.deaf = true;
    await devtools.clock.advance(3_000);
    expect(devtools.applied).toEqual([]);
    devtools.deaf = false;
    page.report(payload(2));
    await devtools.clock.advance(3_000);
    expect(devtools.applied).toEqual([payload(1), payload(2)]);
  });

  test("more than one answer carries comes in several", async () => {
    const devtools = createDevtools();
    const page = await devtools.load();
    const big = new Uint8Array(1_500_000).fill(7);
    for (let at = 0; at < 7; at++) page.report(payload(at, big));
    await devtools.clock.advance(500);
    expect(devtools.applied).toHaveLength(7);
  });

  test("what is above the page's limit is counted, not hidden", async () => {
    const devtools = createDevtools();
    const page = await devtools.load();
    for (let at = 0; at < 10_250; at++) page.report(payload(at));
    await devtools.clock.advance(2_000);
    const payloads = devtools.applied.filter(({ type }) => type === "socket-payload");
    expect(devtools.applied).toContainEqual(
      expect.objectContaining({ type: "events-dropped", count: 250, reason: "buffer-full" }),
    );
    expect(payloads).toHaveLength(10_000);
    expect(payloads.at(-1)).toEqual(payload(10_249));
  });

  test("a payload that would push out all the rest is kept as its size", async () => {
    const devtools = createDevtools();
    const page = await devtools.load();
    page.report(payload(1));
    page.report(payload(2, new Uint8Array(21_000_000)));
    await devtools.clock.advance(2_000);
    expect(devtools.applied).toEqual([
      payload(1),
      { ...payload(2), payload: { kind: "omitted", reason: "too-large", size: 21_000_000 } },
    ]);
  });

  test("ends when the page is left, and its connections with it", async () => {
    const devtools = createDevtools();
    const page = await devtools.load();
    page.report(payload(1));
    await devtools.clock.advance(1_000);
    devtools.source.navigated();
    expect(devtools.source.state).toBe("idle");
    expect(devtools.applied.at(-1)).toMatchObject({
      type: "document-ended",
      document: "once-document-key-1",
    });
    const count = devtools.applied.length;
    page.report(payload(2));
    await devtools.clock.advance(10_000);
    expect(devtools.applied).toHaveLength(count);
    expect(devtools.clock.pending).toBe(0);
  });

  test("a page that does not come is not waited for", async () => {
    const devtools = createDevtools();
    devtools.source.start();
    await devtools.clock.advance(31_000);
    expect(devtools.source.state).toBe("idle");
  });

  test("who does not know the key learns nothing", async () => {
    const devtools = createDevtools();
    const page = await devtools.load();
    page.report(payload(1));
    const detail: { after: object; answer?: unknown } = { after: {} };
    page.document.dispatchEvent(new CustomEvent("key-2", { detail }));
    expect(detail.answer).toBeUndefined();
    expect(Object.keys(page.document)).toEqual([]);
  });
});
