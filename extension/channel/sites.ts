/**
 * Sites as match patterns. A pattern has no port: content scripts cannot be limited to one in Firefox.
 *
 * @module
 */

import { MAX_URL_LENGTH } from "./guards.ts";

const LOOPBACK = /^(?:localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/;

/** The pattern of `url`'s site, or undefined when pages of its kind cannot be recorded. */
export function sitePattern(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) return undefined;
  return `${parsed.protocol}//${parsed.hostname}/*`;
}

/** Recorded from the start, without asking. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

/** Scheme, host and port, which is what the off switch goes by; undefined when the address is no web page's. */
export function webOrigin(url: string): string | undefined {
  return sitePattern(url) === undefined ? undefined : new URL(url).origin;
}

/** The pattern of this origin alone, port included: Chromium takes it, Firefox does not. */
export function originPattern(origin: string): string | undefined {
  if (webOrigin(origin) === undefined) return undefined;
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}:${portOf(origin)}/*`;
}

function portOf(origin: string): string {
  const { protocol, port } = new URL(origin);
  return port === "" ? (protocol === "https:" ? "443" : "80") : port;
}

/** Whether `pattern` lets pages of `origin` be read. A pattern with a port (Chromium) is for that port alone. */
export function patternCovers(pattern: string, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  if (!/^https?:$/.test(protocol)) return false;
  if (pattern === "<all_urls>") return true;
  const [, scheme, host = "", patternPort = "*"] =
    /^(\*|https?):\/\/(\[[^\]]*\]|[^/:]*)(?::(\d+|\*))?\//.exec(pattern) ?? [];
  if (scheme === undefined || (scheme !== "*" && `${scheme}:` !== protocol)) return false;
  if (patternPort !== "*" && patternPort !== portOf(origin)) return false;
  if (host === "*" || host === hostname) return true;
  const domain = host.startsWith("*.") ? host.slice(2) : undefined;
  return domain !== undefined && (hostname === domain || hostname.endsWith(`.${domain}`));
}

/** Without its fragment. The address of a `data:` document is the document: its beginning says which. */
export function documentAddress(url: string): string {
  return url.slice(0, MAX_URL_LENGTH).replace(/#.*$/s, "");
}

/** What a person reads as the site: host and port. */
export function siteName(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
