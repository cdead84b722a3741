/** The options page's entry. Wiring only. */
import { render } from "preact";
import {
  askForAccess,
  giveAccessBack,
  grantedPatterns,
  manifestPatterns,
  onAccessChanged,
  onOtherTraffic,
  onSwitched,
  recordOtherTraffic,
  switchedOffOrigins,
  switchOrigin,
  wantsOtherTraffic,
} from "../browser/browser.ts";
import { OptionsPage } from "./OptionsPage.tsx";
import { createOptionsModel } from "./options-model.ts";
import "../../ui/theme/tokens.css";
import "./options.css";

const model = createOptionsModel(
  {
    grantedPatterns,
    manifestPatterns,
    askForAccess,
    giveAccessBack,
    switchedOffOrigins,
    switchOrigin,
    wantsOtherTraffic,
    recordOtherTraffic,
  },
  new URLSearchParams(location.search).get("url") ?? undefined,
);

const refresh = () => void model.refresh();
onAccessChanged(refresh);
onSwitched(refresh);
onOtherTraffic(refresh);
refresh();

const root = document.getElementById("hubscope");
if (root === null) throw new Error("The page has no element for its content.");
render(<OptionsPage model={model} />, root);
