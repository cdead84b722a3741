import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

/** Serves a page that lets workers of each kind talk to a hub, and a page with a frame of another address. */
export interface WorkerPagesServer {
  /** `/` the page, `/framed?src=…` a page with that frame. */
  readonly origin: string;
  close(): Promise<void>;
}

/** What the page's script offers a test. */
export interface WorkerPage {
  talk(where: WorkerKind | "page", what: WorkerTalk): Promise<string>;
}

export type WorkerKind = "dedicated" | "nested" | "service" | "shared";

export interface WorkerTalk {
  readonly hubUrl: string;
  readonly text: string;
  /** As the official client numbers transports: 1 WebSockets, 2 Server-Sent Events, 4 long polling. */
  readonly transport: number;
}

const FILES: Readonly<Record<string, string>> = {
  "/signalr.js": fileURLToPath(
    new URL("../../node_modules/@microsoft/signalr/dist/browser/signalr.js", import.meta.url),
  ),
  "/worker-hub.js": fileURLToPath(new URL("worker-hub.js", import.meta.url)),
  "/worker-page.js": fileURLToPath(new URL("worker-page.js", import.meta.url)),
};

export async function startWorkerPagesServer(): Promise<WorkerPagesServer> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const file = FILES[pathname];
    if (file !== undefined) {
      response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(readFileSync(file));
      return;
    }
    const src = (searchParams.get("src") ?? "").replaceAll('"', "%22");
    const frame = pathname === "/framed" ? `<iframe src="${src}"></iframe>` : "";
    response
      .writeHead(200, { "content-type": "text/html; charset=utf-8" })
      .end(
        `<!doctype html><title>Workers</title><link rel="icon" href="data:,"><body><script src="/signalr.js"></script><script src="/worker-page.js"></script>${frame}`,
      );
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => {
        server.close(closed);
      });
    },
  };
}
