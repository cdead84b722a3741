/** The devtools page's entry: it exists once for each open devtools and adds the panel. */
import { createPanel } from "../browser/browser.ts";

await createPanel("Hubscope", "icons/icon-32.png", "panel.html");
