import { signal } from "@preact/signals";
import { render } from "preact";
import { browserDiagnosisPorts, browserPorts } from "../core/src/client/browser-ports.ts";
import { createInspectorModel } from "../ui/inspector/inspector-model.ts";
import { browserPlatform } from "../ui/inspector/platform.ts";
import { isNumber, keptSignal } from "../ui/inspector/preferences.ts";
import { offeredAddress } from "./offered-address.ts";
import { Playground } from "./Playground.tsx";
import { createPlaygroundModel } from "./playground-model.ts";
import { sessionPreferences } from "./session-preferences.ts";
import "../ui/theme/tokens.css";
import "./controls/controls.css";
import "./playground.css";

const preferences = sessionPreferences(() => window.sessionStorage);
const offered = offeredAddress(location.hash);

const model = createPlaygroundModel({
  platform: browserPorts,
  diagnosis: browserDiagnosisPorts,
  nextFrame: browserPlatform.beforeFrame,
  preferences,
  onChange: () => inspector.refresh(),
  ...(offered === undefined ? {} : { offeredAddress: offered }),
});
const inspector = createInspectorModel(model.session, {
  preferences,
  nothingYet: signal({ sentence: "Nothing has been said since. Press Invoke, or connect." }),
  statusText: signal("recording this playground"),
});
const inspectorShare = keptSignal(preferences, "inspector-share", 0.42, isNumber);

const root = document.getElementById("playground");
if (root === null) throw new Error("The page has no element for the playground.");
render(<Playground model={model} inspector={inspector} inspectorShare={inspectorShare} />, root);
model.begin();
