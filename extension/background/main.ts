/** The background's entry: service worker in Chromium, event page in Firefox. Wiring only. */
import {
  askForAccess,
  grantedPatterns,
  hasAccess,
  manifestPatterns,
  onAccessChanged,
  onPort,
  onStart,
  onToolbarClick,
  openTab,
  registerScripts,
  tellTab,
} from "../browser/browser.ts";
import { isLoopback, sitePattern } from "../channel/sites.ts";
import { createRegistrations } from "./registrations.ts";
import { createRouter } from "./router.ts";

const registrations = createRegistrations({ grantedPatterns, manifestPatterns, registerScripts });

const router = createRouter({
  async hasAccess(url) {
    const pattern = sitePattern(url);
    return pattern !== undefined && (isLoopback(url) || (await hasAccess(pattern)));
  },
  watchTab: (tab) => tellTab(tab, { type: "watch" }),
  openGrantPage(url, tab) {
    openTab(`grant.html?${new URLSearchParams({ url, tab: `${tab}` })}`);
  },
});

onPort((port, origin) => router.accept(port, origin));

onStart(() => {
  void registrations.align();
});

onAccessChanged(() => {
  void registrations.align().then(() => router.surveyAll());
});

onToolbarClick((tab) => {
  const refused = tab === undefined ? undefined : router.refusedUrl(tab);
  const pattern = refused === undefined ? undefined : sitePattern(refused);
  if (pattern === undefined) return openTab("playground.html");
  // Asked at once: the browser allows it only in the click itself.
  void askForAccess(pattern);
});
