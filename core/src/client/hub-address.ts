import { HubscopeError } from "../errors.ts";

/** Why a text is not the address of a hub. */
export type AddressFault =
  | "empty"
  /** No scheme and host: `/hub`, `example.com/hub`. */
  | "relative"
  /** A scheme that is not http, https, ws or wss. `localhost:5000/hub` has the scheme `localhost`. */
  | "scheme"
  /** A user name or password before the host, which no browser sends. */
  | "credentials"
  /** A scheme that fits, but no valid host or port after it. */
  | "malformed";

const HTTP_SCHEMES: Readonly<Record<string, string>> = {
  "http:": "http:",
  "https:": "https:",
  "ws:": "http:",
  "wss:": "https:",
};

/** The address of a hub, or why a text is none. */
export type HubAddress =
  | { readonly kind: "url"; readonly url: URL }
  | { readonly kind: "fault"; readonly fault: AddressFault };

/** Reads what a person typed. The URL is http(s), whatever of the four schemes was given, and has no fragment. */
export function readHubAddress(text: string): HubAddress {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "fault", fault: "empty" };
  const written = /^([a-z][a-z\d+.-]*:)(\/\/)?/i.exec(trimmed);
  if (written === null) return { kind: "fault", fault: "relative" };
  const scheme = HTTP_SCHEMES[(written[1] ?? "").toLowerCase()];
  if (scheme === undefined) return { kind: "fault", fault: "scheme" };
  // URL accepts `http:example.com`, which is more likely a slip than an intention.
  if (written[2] === undefined || !URL.canParse(trimmed)) return { kind: "fault", fault: "malformed" };
  const url = new URL(trimmed.replace(/^[^:]*:/, scheme));
  if (url.username !== "" || url.password !== "") return { kind: "fault", fault: "credentials" };
  url.hash = "";
  return { kind: "url", url };
}

/** Like {@link readHubAddress}, or throws `not-a-url`. */
export function parseHubAddress(text: string): URL {
  const address = readHubAddress(text);
  if (address.kind === "url") return address.url;
  throw new HubscopeError(
    "not-a-url",
    `'${text}' is not an absolute http(s) or ws(s) URL (${address.fault}).`,
  );
}

/** The same address with http for ws. */
export function toHttpUrl(url: URL): URL {
  return new URL(url.href.replace(/^ws/, "http"));
}

/** An address without its query, fit for a sentence: queries carry tokens. */
export function withoutQuery(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
