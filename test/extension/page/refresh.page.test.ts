import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { ConnectionHappening } from "../../../core/src/session/model.ts";
import { type ComplianceServer, startComplianceServer } from "../../support/extension-compliance-server.ts";
import { type HookedChromium, type HookedPage, openHookedChromium } from "../../support/hooked-chromium.ts";
import { until } from "../../support/until.ts";

/** The refresh of .NET 11, from a page's request to the rows of the session. */
let chromium: HookedChromium;
let server: ComplianceServer;
beforeAll(async () => {
  [chromium, server] = await Promise.all([openHookedChromium(), startComplianceServer()]);
}, 120_000);
afterAll(() => Promise.all([chromium?.close(), server?.close()]));

let hooked: HookedPage;
beforeEach(async () => {
  hooked = await chromium.open();
  await hooked.page.route("**/refresh**", async (route) => {
    const url = new URL(route.request().url());
    if (!url.searchParams.has("id"))
      return route.fulfill({ status: 400, json: { error: "missing_connection_token" } });
    if (route.request().headers()["authorization"] === "Bearer s3cret")
      return route.fulfill({ json: { tokenLifetimeSeconds: 60 } });
    return route.fulfill({
      status: 401,
      json: { error: "invalid_token", error_description: "Nobody is authenticated." },
    });
  });
  await hooked.page.goto(`${server.origin}/blank`);
  await hooked.page.evaluate(async () => {
    await (await fetch("/hub/negotiate?negotiateVersion=1", { method: "POST" })).text();
  });
  return () => hooked.close();
});

async function happenings(ends: number): Promise<readonly ConnectionHappening[]> {
  await until(
    `${ends} ends`,
    () => hooked.events.filter(({ type }) => type === "http-ended").length === ends,
  );
  const session = createSession();
  for (const event of hooked.events) session.apply(event);
  expect(session.connections).toHaveLength(1);
  expect(JSON.stringify(hooked.events)).not.toContain("s3cret");
  return session.log.flatMap((entry) => (entry.kind === "connection" ? [entry.happening] : []));
}

const ROWS = [
  { kind: "negotiate" },
  { kind: "refresh", status: 200, tokenLifetimeSeconds: 60 },
  { kind: "refresh-failed", status: 401, error: "invalid_token", description: "Nobody is authenticated." },
  { kind: "refresh-failed", status: 400, error: "missing_connection_token" },
];

test("by fetch", async () => {
  await hooked.page.evaluate(async () => {
    const renew = async (url: string, token: string) => {
      const headers = { Authorization: `Bearer ${token}` };
      await (await fetch(url, { method: "POST", headers })).text();
    };
    await renew("/hub/refresh?id=t", "s3cret");
    await renew("/hub/refresh?tenant=1&id=t", "other");
    await renew("/hub/refresh", "other");
    await renew("/other/refresh", "other");
  });
  expect(await happenings(4)).toMatchObject(ROWS);
});

test("by XMLHttpRequest", async () => {
  await hooked.page.evaluate(async () => {
    const renew = (url: string, token: string) =>
      new Promise((resolve) => {
        const xhr = new XMLHttpRequest();
        xhr.open("POST", url);
        xhr.setRequestHeader("Authorization", `Bearer ${token}`);
        xhr.onloadend = resolve;
        xhr.send();
      });
    await renew("/hub/refresh?id=t", "s3cret");
    await renew("/hub/refresh?tenant=1&id=t", "other");
    await renew("/hub/refresh", "other");
    await renew("/other/refresh", "other");
  });
  expect(await happenings(4)).toMatchObject(ROWS);
});
