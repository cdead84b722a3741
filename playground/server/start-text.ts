import { join } from "node:path";
import type { DemoServer } from "./demo-server.ts";

/** What `npm start` says when all is ready. `root` is the folder of the repository. */
export function startText(server: Pick<DemoServer, "url" | "demoUrl">, root: string): string {
  return [
    "",
    `Playground        ${server.url}`,
    `Page for a panel  ${server.demoUrl}`,
    "",
    "Load the panel:",
    `  Chrome, Edge    chrome://extensions, Developer mode, Load unpacked: ${join(root, "dist", "extension-chrome")}`,
    `  Firefox         about:debugging#/runtime/this-firefox, Load Temporary Add-on: ${join(root, "dist", "extension-firefox", "manifest.json")}`,
    "",
    "Then open the page for a panel, open DevTools and choose Hubscope. Ctrl+C ends the server.",
  ].join("\n");
}
