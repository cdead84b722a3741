/** A match pattern as a person says it. */
export function siteLabel(pattern: string): string {
  if (/^(?:<all_urls>|(?:\*|https?):\/\/\*\/\*)$/.test(pattern)) {
    const scheme = /^https?/.exec(pattern)?.[0];
    return scheme === undefined ? "every site" : `every site with ${scheme}`;
  }
  const [, scheme, subdomains, host] = /^(\*|https?):\/\/(\*\.)?([^/]+)\/\*$/.exec(pattern) ?? [];
  if (host === undefined) return pattern;
  const name = scheme === "*" ? `${host}, http and https` : `${scheme}://${host}`;
  return subdomains === undefined ? name : `${name}, with its subdomains`;
}
