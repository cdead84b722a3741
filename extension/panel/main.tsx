/** The panel's entry. Wiring only. */
import { computed, signal } from "@preact/signals";
import { render } from "preact";
import { createSession } from "../../core/src/session/create-session.ts";
import { Inspector } from "../../ui/inspector/Inspector.tsx";
import { createInspectorModel } from "../../ui/inspector/inspector-model.ts";
import { isBoolean, keptSignal } from "../../ui/inspector/preferences.ts";
import {
  askForAccess,
  askInspected,
  canAskForAccess,
  connectPort,
  devtoolsTheme,
  inspectedSince,
  inspectedStart,
  inspectedTab,
  inspectedUrl,
  isContextGone,
  onDevtoolsTheme,
  onNavigated,
  onPanelShown,
  onRequestFinished,
  packagedText,
  readNetworkLog,
  reloadInspected,
  reloadInspectedWith,
  wantsOtherTraffic,
} from "../browser/browser.ts";
import { systemClock } from "../channel/clock.ts";
import { panelPortName } from "../channel/messages.ts";
import { sitePattern } from "../channel/sites.ts";
import { createPanelActor } from "./actor.ts";
import { createDrawingRhythm } from "./drawing-rhythm.ts";
import { createPanelSource } from "./event-source.ts";
import { NO_COVERAGE, type PanelCoverage } from "./panel-coverage.ts";
import { isRecorded, nothingYetNotice, panelNotice, statusText } from "./panel-notice.ts";
import { panelPreferences } from "./panel-preferences.ts";
import { createPanelSources } from "./panel-sources.ts";
import type { PanelStatus } from "./panel-status.ts";
import { themeOf } from "./theme.ts";
import "../../ui/theme/tokens.css";
import "./panel.css";

const status = signal<PanelStatus>({ kind: "starting" });
const coverage = signal<PanelCoverage>(NO_COVERAGE);
const session = createSession({ otherSockets: await wantsOtherTraffic().catch(() => false) });

const preferences = panelPreferences(() => localStorage);
// As in the Network panel, whose users expect a fresh log for a fresh page.
const preserveLog = keptSignal(preferences, "preserve-log", false, isBoolean);

const actor = createPanelActor({ session, clock: systemClock, act: (command) => source.act(command) });

const model = createInspectorModel(session, {
  actor,
  notice: computed(() =>
    panelNotice(
      status.value,
      {
        recordSite,
        reload: reloadInspected,
        switchOn: () => source.switchOn(),
        captureOnce: () => sources.captureOnce(),
      },
      coverage.value,
    ),
  ),
  nothingYet: computed(() => nothingYetNotice(status.value, reloadInspected, coverage.value)),
  isRecorded: computed(() => isRecorded(status.value, coverage.value)),
  statusText: computed(() => statusText(status.value, coverage.value)),
  statusAction: { label: "Sites…", run: () => source.openOptions() },
  preferences,
  preserveLog,
  isWholePage: true,
});

const draw = createDrawingRhythm(systemClock, model.refresh, new AbortController().signal);

const sources = createPanelSources({
  clock: systemClock,
  apply(event) {
    session.apply(event);
    actor.follow();
    draw();
  },
  network: { readLog: readNetworkLog, onFinished: onRequestFinished },
  once: {
    script: () => packagedText("once.js"),
    reloadWith: reloadInspectedWith,
    randomKey: () => crypto.randomUUID(),
  },
  ask: askInspected,
  surveyFrames: (urls) => source.surveyFrames(urls),
  coverageChanged(next) {
    coverage.value = next;
  },
});

const source = createPanelSource({
  clock: systemClock,
  connect: () => connectPort(panelPortName(inspectedTab())),
  isExtensionGone: isContextGone,
  inspectedUrl,
  inspectedStart,
  inspectedSince,
  onNavigated,
  reload: reloadInspected,
  apply: sources.hook,
  preservesLog: () => preserveLog.peek(),
  clear(began) {
    sources.pageLeft(began);
    model.clear();
  },
  documentChanged: sources.navigated,
  statusChanged(next) {
    status.value = next;
    sources.statusChanged(next);
  },
  framesAnswered: sources.framesAnswered,
  acts: actor.listener,
});

onNavigated(sources.mayNavigate);
onPanelShown(sources.shown);

function recordSite(url: string): void {
  const pattern = sitePattern(url);
  if (pattern === undefined) return;
  // Asked at once: the browser allows it only in the click itself. The scripts are registered by the background.
  if (canAskForAccess()) void askForAccess([pattern]);
  else source.openGrantPage(url);
}

function applyTheme(name: string): void {
  const theme = themeOf(name);
  document.documentElement.style.colorScheme = theme ?? "";
}

applyTheme(devtoolsTheme());
onDevtoolsTheme(applyTheme);

const root = document.getElementById("hubscope");
if (root === null) throw new Error("The page has no element for the panel.");
render(<Inspector model={model} />, root);
