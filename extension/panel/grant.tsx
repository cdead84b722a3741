/** The grant page's entry (Firefox, where a devtools panel may not ask). Wiring only. */
import { render } from "preact";
import { askForAccess, closeThisTab } from "../browser/browser.ts";
import { siteName, sitePattern } from "../channel/sites.ts";
import { GrantPage } from "./GrantPage.tsx";
import "../../ui/theme/tokens.css";
import "./panel.css";

const url = new URLSearchParams(location.search).get("url") ?? "";
const pattern = sitePattern(url);

async function grant(): Promise<void> {
  if (pattern !== undefined && (await askForAccess([pattern]))) await closeThisTab();
}

const root = document.getElementById("hubscope");
if (root === null) throw new Error("The page has no element for its content.");
render(
  <GrantPage
    site={pattern === undefined ? undefined : siteName(url)}
    grant={() => {
      void grant();
    }}
  />,
  root,
);
