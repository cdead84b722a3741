import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * What a compliance page asks of its server besides negotiate; each with `?id=…`, so that a page chooses whether a hook
 * knows it.
 *
 * - `/stream?chunks=3&every=10`: text `chunk 1;chunk 2;…`, one write after the other; `&cut` ends without an end,
 *   `&open` stays open, with `&ticks` it says a dot now and then.
 * - `/events?from=1&to=3`: an event stream, named events among them; `&open` stays open, `&status=204`, `&type=…`.
 * - `/hub-events`: an event stream that begins as a hub's.
 * - `/firehose?key=…`: bytes for as long as they are taken. `/taken?key=…`: how many were.
 * - `/ended?key=…`: when the stream with that key was closed from the other side, in milliseconds since the epoch.
 * - `/stop?key=…&key=…`: ends the streams with these keys.
 * - `/body`: what was sent, as JSON. `/status/204`, `/status/500`, `/status/304`: that.
 */
export interface StreamEndpoints {
  /** False: none of these. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
}

/** So that a firehose that nobody holds back ends some time. */
const MOST_BYTES = 64 * 1024 * 1024;

export function createStreamEndpoints(): StreamEndpoints {
  const ended = new Map<string, Promise<number>>();
  const taken = new Map<string, number>();
  const open = new Map<string, ServerResponse>();

  const endpoints: Readonly<
    Record<
      string,
      (query: URLSearchParams, response: ServerResponse, request: IncomingMessage) => Promise<void>
    >
  > = {
    async stream(query, response) {
      // Otherwise a browser waits for more, to guess the type.
      response.writeHead(200, {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      });
      response.flushHeaders();
      for (let at = 1; at <= Number(query.get("chunks") ?? 3); at++) {
        response.write(`chunk ${at};`);
        await pause(Number(query.get("every") ?? 10));
      }
      // Firefox lets go of a cancelled stream when more of it comes.
      while (query.has("ticks") && !response.destroyed) {
        response.write(".");
        await pause(20);
      }
      if (query.has("cut")) response.destroy();
      else if (!query.has("open")) response.end();
    },
    async events(query, response, request) {
      const status = Number(query.get("status") ?? 200);
      response.writeHead(status, {
        "content-type": query.get("type") ?? "text/event-stream",
        "cache-control": "no-store",
      });
      // As a client that comes again says what it had.
      const last = Number(request.headers["last-event-id"] ?? 0);
      response.write(`retry: 50\n: comment\n\ndata: hello ${last}\n\n`);
      response.write("event: named\ndata: one\ndata: two\n\n");
      response.write(`id: ${last + 1}\ndata: {"type":6}\u001e\n\nevent: empty\n\ndata\n\n`);
      if (query.has("open")) return;
      response.end();
    },
    async "hub-events"(_query, response) {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.end("data: {}\u001e\n\n");
    },
    async firehose(query, response) {
      const key = query.get("key") ?? "";
      const block = Buffer.alloc(64 * 1024, "x");
      response.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
      const closed = once(response, "close");
      for (let bytes = 0; bytes < MOST_BYTES && !response.destroyed; bytes += block.length) {
        taken.set(key, bytes);
        if (!response.write(block)) await Promise.race([drained(response), closed]);
      }
      response.end();
    },
    async taken(query, response) {
      json(response, taken.get(query.get("key") ?? "") ?? -1);
    },
    async stop(query, response) {
      for (const key of query.getAll("key")) open.get(key)?.destroy();
      json(response, "stopped");
    },
    async ended(query, response) {
      json(response, await (ended.get(query.get("key") ?? "") ?? -1));
    },
    async body(_query, response, request) {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const type = (request.headers["content-type"] ?? "none").replace(/boundary=.*/, "boundary=…");
      const body = Buffer.concat(chunks);
      const text = body.toString("latin1").replaceAll(/-{4,}\w+/g, "--boundary");
      json(response, {
        method: request.method,
        type,
        // A boundary has a length of its own.
        size: type.startsWith("multipart/") ? "any" : body.length,
        text: text.slice(0, 64),
      });
    },
  };

  return {
    answer(request, response) {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
      const status = /^\/status\/(\d{3})$/.exec(pathname)?.[1];
      if (status !== undefined) {
        response.writeHead(Number(status), { "content-type": "text/plain" });
        response.end(status === "204" || status === "304" ? undefined : `status ${status}`);
        return true;
      }
      const endpoint = endpoints[pathname.slice(1)];
      if (endpoint === undefined) return false;
      const key = searchParams.get("key");
      if (key !== null && !["/ended", "/taken", "/stop"].includes(pathname)) {
        open.set(key, response);
        ended.set(
          key,
          once(response, "close").then(() => Date.now()),
        );
      }
      endpoint(searchParams, response, request).catch(() => response.destroy());
      return true;
    },
  };
}

/** Not `once` of events: it would leave a listener for errors behind with each wait. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("drain", resolve);
  });
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
