import { isLoopback, sitePattern, webOrigin } from "../channel/sites.ts";

/** What a person typed as the address of a site. */
export type Address =
  | { readonly kind: "site"; readonly origin: string; readonly pattern: string }
  | { readonly kind: "fault"; readonly sentence: string };

/** Without a scheme, http for loopback and https for all else. A path is no part of a site. */
export function readAddress(text: string): Address {
  const typed = text.trim();
  if (typed === "") return fault("Write an address, such as https://example.com or localhost:5000.");
  if (typed.includes("*")) return fault("One site at a time: an address has no asterisk.");
  const url = withScheme(typed);
  const origin = webOrigin(url);
  const pattern = sitePattern(url);
  if (origin === undefined || pattern === undefined) {
    return fault(
      URL.canParse(url)
        ? "Only pages with http or https can be recorded."
        : "This is not an address. An address looks like https://example.com or localhost:5000.",
    );
  }
  return { kind: "site", origin, pattern };
}

function withScheme(typed: string): string {
  // "localhost:5000" has no scheme, though it parses as if "localhost" were one.
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(typed)) return typed;
  return isLoopback(`http://${typed}`) ? `http://${typed}` : `https://${typed}`;
}

function fault(sentence: string): Address {
  return { kind: "fault", sentence };
}
