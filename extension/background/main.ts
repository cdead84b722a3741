/** The background's entry: service worker in Chromium, event page in Firefox. Wiring only. */
import {
  askForAccess,
  grantedPatterns,
  hasAccess,
  isAnySwitchedOff,
  manifestPatterns,
  onAccessChanged,
  onPort,
  onStart,
  onSwitched,
  onToolbarClick,
  openTab,
  registerScripts,
  switchedOffOrigins,
  switchOrigin,
  tellAllTabs,
  tellTab,
} from "../browser/browser.ts";
import type { ToTab } from "../channel/messages.ts";
import { sitePattern, webOrigin } from "../channel/sites.ts";
import { createRegistrations } from "./registrations.ts";
import { createRouter } from "./router.ts";

const registrations = createRegistrations({
  grantedPatterns,
  manifestPatterns,
  switchedOffOrigins,
  registerScripts,
});

/** A storage that cannot be read has switched nothing off; the relay takes it the same way. */
function isOneOff(origins: readonly string[]): Promise<boolean> {
  return isAnySwitchedOff(origins).catch(() => false);
}

const router = createRouter({
  async hasAccess(url) {
    const pattern = sitePattern(url);
    return pattern !== undefined && (await hasAccess(pattern));
  },
  watchTab: (tab) => tellTab(tab, { type: "watch" }),
  openGrantPage(url, tab) {
    openTab(`grant.html?${new URLSearchParams({ url, tab: `${tab}` })}`);
  },
  async isSwitchedOff(url) {
    const origin = webOrigin(url);
    return origin !== undefined && isOneOff([origin]);
  },
  isAnySwitchedOff: isOneOff,
  switchOn(url) {
    const origin = webOrigin(url);
    if (origin !== undefined) void switchOrigin(origin, "on");
  },
  openOptions(url) {
    openTab(url === undefined ? "options.html" : `options.html?${new URLSearchParams({ url })}`);
  },
});

onPort((port, origin) => router.accept(port, origin));

onStart(() => {
  void registrations.align();
});

async function accessChanged(): Promise<void> {
  const granted: ToTab = { type: "granted", body: { patterns: await grantedPatterns() } };
  // Documents whose site was taken back stop recording before anything else can fail, and before the panels ask.
  await tellAllTabs(granted);
  await realign();
}

/** A browser that refuses to register must not leave the panels with what was. */
async function realign(): Promise<void> {
  try {
    await registrations.align();
  } finally {
    router.surveyAll();
  }
}

onAccessChanged(() => {
  void accessChanged();
});

onSwitched(() => {
  void realign();
});

onToolbarClick((tab) => {
  const refused = tab === undefined ? undefined : router.refusedUrl(tab);
  const pattern = refused === undefined ? undefined : sitePattern(refused);
  if (pattern === undefined) return openTab("playground.html");
  // Asked at once: the browser allows it only in the click itself.
  void askForAccess([pattern]);
});
