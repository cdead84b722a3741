/**
 * What the URLs of a connection say. URLs come from a page: they may be relative, or no URLs at all, so they are
 * cut as text and never refused.
 *
 * @module
 */

interface UrlParts {
  readonly path: string;
  readonly query: readonly string[];
}

function urlParts(url: string): UrlParts {
  const withoutFragment = url.split("#", 1)[0] ?? "";
  const mark = withoutFragment.indexOf("?");
  if (mark < 0) return { path: withoutFragment, query: [] };
  return { path: withoutFragment.slice(0, mark), query: withoutFragment.slice(mark + 1).split("&") };
}

function nameOf(pair: string): string {
  return decoded(pair.split("=", 1)[0] ?? "").toLowerCase();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % is not an escape: the text stands for itself.
    return text;
  }
}

/** Every value of a query parameter, last first, as written and decoded: clients append the token unencoded. */
export function queryValues(url: string, name: string): readonly string[] {
  const values = new Set<string>();
  for (const pair of urlParts(url).query.toReversed()) {
    if (nameOf(pair) !== name.toLowerCase()) continue;
    const raw = pair.slice(pair.indexOf("=") + 1);
    if (!pair.includes("=") || raw === "") continue;
    values.add(raw);
    values.add(decoded(raw));
  }
  return [...values];
}

function withoutParameters(url: string, dropped: (name: string, pair: string) => boolean): string {
  const { path, query } = urlParts(url);
  const kept = query.filter((pair) => !dropped(nameOf(pair), pair));
  return kept.length === 0 ? path : `${path}?${kept.join("&")}`;
}

/** Sockets and requests of one hub compare equal: `ws:` becomes `http:`. */
function asHttp(url: string): string {
  return url.replace(/^ws(s?):/i, "http$1:");
}

/** Hub URL of a negotiate URL: without `/negotiate` and what the client added to the query. */
export function hubUrlOfNegotiate(url: string): string {
  const hub = withoutParameters(
    url,
    (name) => name === "negotiateversion" || name === "usestatefulreconnect" || name === "access_token",
  );
  return asHttp(hub.replace(/\/negotiate\/?(?=\?|$)/i, ""));
}

/** Hub URL of a socket: without the access token, and without `id` where its value is the connection token. */
export function hubUrlOfSocket(url: string, token: string | undefined): string {
  return asHttp(
    withoutParameters(url, (name, pair) => {
      if (name === "access_token") return true;
      if (name !== "id" || token === undefined) return false;
      const raw = pair.slice(pair.indexOf("=") + 1);
      return raw === token || decoded(raw) === token;
    }),
  );
}

/** What a classic client adds to its requests. */
const CLASSIC_PARAMETERS: ReadonlySet<string> = new Set([
  "transport",
  "clientprotocol",
  "connectiontoken",
  "connectionid",
  "connectiondata",
  "messageid",
  "groupstoken",
  "groups",
  "frameid",
  "callback",
  "tid",
  "_",
  "access_token",
]);

/** URL of a classic endpoint, of any of its requests: without the action at the end and what the client added. */
export function hubUrlOfClassic(url: string): string {
  const hub = withoutParameters(url, (name) => CLASSIC_PARAMETERS.has(name));
  const { path, query } = urlParts(hub);
  const base = path.replace(/(^|[^:/])\/[^/]*$/, "$1");
  return asHttp(query.length === 0 ? base : `${base}?${query.join("&")}`);
}

/** `/hubs/trading` of `https://host/hubs/trading?x=1`. "" where the URL is not known. */
export function hubPathOf(url: string): string {
  if (url === "") return "";
  const { path } = urlParts(url);
  const withoutOrigin = path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "");
  return withoutOrigin === "" ? "/" : withoutOrigin;
}

/** Whether two hub URLs name one endpoint, whatever their query. */
export function isSameEndpoint(a: string, b: string): boolean {
  return endpointOf(a) === endpointOf(b);
}

/** Whether their queries say the same too: of two redirects to one endpoint only one has this `asrs_request_id`. */
export function isSameHubUrl(a: string, b: string): boolean {
  return isSameEndpoint(a, b) && plainQuery(a) === plainQuery(b);
}

/** Clients write a query anew, so it is compared decoded. */
function plainQuery(url: string): string {
  const pairs = urlParts(url).query.map((pair) => decoded(pair.replaceAll("+", " ")));
  return pairs.toSorted().join("&");
}

function endpointOf(url: string): string {
  return asHttp(urlParts(url).path).replace(/\/$/, "").toLowerCase();
}
