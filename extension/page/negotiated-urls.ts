import { append, isAmong } from "./lists.ts";
import { lowerCase, sliceText } from "./text-natives.ts";
import { hubPath, pathOf } from "./url-parts.ts";

/** Remembers which hubs the page negotiated, so that their sockets are known when they open. */
export interface NegotiatedUrls {
  add(negotiateUrl: string): void;
  /** The socket is one that a negotiated hub's client opens: the same path, with or without a last slash. */
  has(socketUrl: string): boolean;
}

const NEGOTIATE = "/negotiate";

/** Hubs of one page. A page that negotiates with more is not a page. */
const MAX_HUBS = 200;

export function createNegotiatedUrls(): NegotiatedUrls {
  const paths: string[] = [];
  return {
    add(negotiateUrl) {
      const path = withoutNegotiate(hubPath(negotiateUrl));
      if (paths.length < MAX_HUBS && !isAmong(paths, path)) append(paths, path);
    },
    has: (socketUrl) => isAmong(paths, hubPath(socketUrl)),
  };
}

function withoutNegotiate(path: string): string {
  const end = path.length - NEGOTIATE.length;
  return end >= 0 && lowerCase(sliceText(path, end)) === NEGOTIATE ? pathOf(sliceText(path, 0, end)) : path;
}
