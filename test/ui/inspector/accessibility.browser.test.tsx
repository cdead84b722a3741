import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import { page } from "vitest/browser";
import { type Mounted, mountInspector } from "../support/mount.tsx";
import { tradingSession } from "../support/trading-session.ts";

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.unmount();
  mounted = undefined;
  document.documentElement.style.colorScheme = "";
});

const cases = (["light", "dark"] as const).flatMap((scheme) =>
  ([1200, 640, 340] as const).flatMap((width) =>
    (["value", "raw", "hex", "related"] as const).map((tab) => ({ scheme, width, tab })),
  ),
);

test.for(cases)(
  "axe finds nothing at $width px, $scheme, with the tab $tab",
  async ({ scheme, width, tab }) => {
    await page.viewport(1280, 1000);
    document.documentElement.style.colorScheme = scheme;
    document.title = "Inspector";
    document.documentElement.lang = "en";
    const session = tradingSession();
    mounted = mountInspector(session, undefined, { width, height: 950 });
    const { model, root } = mounted;
    const failed = session.log.find(
      (entry) =>
        entry.kind === "message" &&
        entry.isError &&
        entry.record.issues.length > 0 &&
        entry.invocation !== undefined,
    );
    const answered = session.log.find((entry) => entry.kind === "message" && entry.target === "Subscribe");
    model.filter.togglePings();
    model.open((tab === "value" && failed !== undefined ? failed : answered)?.number ?? 0);
    model.detail.choose(tab);
    model.showKeys(tab === "raw");
    await expect.element(page.getByRole("tabpanel")).toBeVisible();
    const { violations } = await axe.run(root, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual(
      [],
    );
  },
);
