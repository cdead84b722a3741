import { hubPath } from "./url-parts.ts";

/** Remembers which hubs the page negotiated, so that their sockets are known when they open. */
export interface NegotiatedUrls {
  add(negotiateUrl: string): void;
  /** The socket is one that a negotiated hub's client opens: the same path, with or without a last slash. */
  has(socketUrl: string): boolean;
}

/** Hubs of one page. A page that negotiates with more is not a page. */
const MAX_HUBS = 200;

export function createNegotiatedUrls(): NegotiatedUrls {
  const paths: string[] = [];
  return {
    add(negotiateUrl) {
      const path = hubPath(negotiateUrl.replace(/\/negotiate\/?(?=[?#]|$)/i, ""));
      if (paths.length < MAX_HUBS && !paths.includes(path)) paths[paths.length] = path;
    },
    has: (socketUrl) => paths.includes(hubPath(socketUrl)),
  };
}
