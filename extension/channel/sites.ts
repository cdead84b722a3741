/**
 * Sites as match patterns. A pattern has no port: content scripts cannot be limited to one in Firefox.
 *
 * @module
 */

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

/** What a person reads as the site: host and port. */
export function siteName(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
