import { afterAll, beforeAll, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import { type ClassicServer, startClassicServer } from "../../support/classic-server.ts";
import { type HookedChromium, openHookedChromium } from "../../support/hooked-chromium.ts";
import { until } from "../../support/until.ts";

let chromium: HookedChromium;
let server: ClassicServer;
beforeAll(async () => {
  [chromium, server] = await Promise.all([openHookedChromium(), startClassicServer()]);
}, 120_000);
afterAll(() => Promise.all([chromium?.close(), server?.close()]));

const TRANSPORTS = [
  ["webSockets", "WebSockets"],
  ["serverSentEvents", "ServerSentEvents"],
  ["foreverFrame", "ForeverFrame"],
  ["longPolling", "LongPolling"],
] as const;

test.for(TRANSPORTS)(
  "the official classic client over %s: each call with its answer, each push",
  { timeout: 120_000 },
  async ([transport, shown]) => {
    const hooked = await chromium.open();
    await hooked.page.goto(`${server.origin}/?transport=${transport}`);
    type ClassicPage = { readonly connected: Promise<string>; call(text: string): Promise<string> };
    expect(await hooked.page.evaluate(() => (globalThis as unknown as ClassicPage).connected)).toBe(
      transport,
    );
    for (const text of ["one", "two", "three"]) {
      const answer = hooked.page.evaluate((said) => (globalThis as unknown as ClassicPage).call(said), text);
      expect(await answer).toBe(text);
    }
    // All of it has been reported by the time at which the session knows every answer.
    const session = await until("three answered calls", () => {
      const folded = createSession();
      for (const event of hooked.events) folded.apply(event);
      const pushed = folded.log.filter(
        (entry) => entry.kind === "message" && entry.target === "EchoHub.said",
      );
      const [connection] = folded.connections;
      return pushed.length === 3 && connection?.state.kind === "connected" && folded;
    });
    expect(session.connections).toHaveLength(1);
    expect(session.connections[0]).toMatchObject({ transport: shown, protocol: { name: "classic" } });
    const calls = session.log.flatMap((entry) =>
      entry.kind === "message" && entry.direction === "out" && entry.invocation !== undefined
        ? (session.invocation(entry.invocation)?.state.kind ?? "none")
        : [],
    );
    expect(calls).toEqual(["completed", "completed", "completed"]);
    expect(hooked.complaints.filter((text) => !text.includes("jQuery.Deferred"))).toEqual([]);
    await hooked.close();
  },
);
