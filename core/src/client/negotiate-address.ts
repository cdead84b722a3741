import { HubscopeError, type HubscopeErrorFacts } from "../errors.ts";
import type { HttpAnswer } from "../ports/http.ts";
import { codecFor } from "../wire/codecs.ts";
import type { HubProtocolName } from "../wire/hub-codec.ts";
import { type NegotiateResponse, negotiateUrl, parseNegotiateResponse } from "../wire/negotiate.ts";
import { type AccessToken, bearer, tokenOf } from "./access-token.ts";
import { REQUEST_TIMEOUT } from "./connection-settings.ts";
import { parseHubAddress, readHubAddress, withoutQuery } from "./hub-address.ts";
import type { HubClientOptions, HubClientPorts } from "./hub-client.ts";
import { errorText } from "./isolate.ts";
import type { TransportAddress } from "./transport.ts";

/** As in the official client: negotiate requests in total, redirects included. */
const MAX_NEGOTIATES = 100;

const BODY_START_LENGTH = 200;

type Accepted = Extract<NegotiateResponse, { kind: "accepted" }>;
type Redirect = Extract<NegotiateResponse, { kind: "redirect" }>;

export interface Negotiated {
  readonly address: TransportAddress;
  readonly connectionId?: string;
}

/** The hub's own address, with the access token. */
export async function skipNegotiate(options: HubClientOptions, signal: AbortSignal): Promise<Negotiated> {
  const hubUrl = parseHubAddress(options.url);
  return { address: { hubUrl, ...(await tokenOf(options, signal)) } };
}

/**
 * TransportProtocols.md, "POST [endpoint-base]/negotiate": asks until an answer is no redirect. The access token
 * of a redirect takes the place of the caller's own.
 */
export async function negotiateAddress(
  options: HubClientOptions,
  ports: HubClientPorts,
  signal: AbortSignal,
): Promise<Negotiated> {
  let hubUrl = parseHubAddress(options.url);
  let redirectToken: AccessToken | undefined;
  for (let count = 0; count < MAX_NEGOTIATES; count++) {
    const token = redirectToken ?? (await tokenOf(options, signal));
    const response = await negotiate(hubUrl, token, options, ports, signal);
    if (response.kind === "accepted") {
      requireWebSockets(response, options.protocol);
      const { connectionId, connectionToken } = response;
      const accessToken = redirectToken ?? (await tokenOf(options, signal));
      return { address: { hubUrl, token: connectionToken, ...accessToken }, connectionId };
    }
    hubUrl = redirectUrl(response);
    redirectToken = response.accessToken ? { accessToken: response.accessToken } : {};
  }
  throw new HubscopeError("protocol-violation", `The server redirected negotiate ${MAX_NEGOTIATES} times.`);
}

/** Cookie authentication answers with 401 instead of a log-in page when it sees `x-requested-with`. */
export function negotiateHeaders(
  { headers }: Pick<HubClientOptions, "headers">,
  token: AccessToken,
): Readonly<Record<string, string>> {
  const own = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { "x-requested-with": "XMLHttpRequest", ...Object.fromEntries(own), ...bearer(token) };
}

/** One exchange. */
async function negotiate(
  hubUrl: URL,
  token: AccessToken,
  options: HubClientOptions,
  ports: HubClientPorts,
  signal: AbortSignal,
): Promise<Accepted | Redirect> {
  const answer = await ask(negotiateUrl(hubUrl), negotiateHeaders(options, token), options, ports, signal);
  const where = withoutQuery(negotiateUrl(hubUrl));
  const facts = factsOf(answer);
  if (answer.status < 200 || answer.status > 299) {
    const text = `The server answered negotiate at ${where} with the HTTP status ${answer.status}.`;
    throw new HubscopeError("negotiate-refused", text, { facts });
  }
  // Negotiate always answers 200: any other success is somebody else's.
  const response = parseNegotiateResponse(answer.text);
  if (response.kind === "error") {
    const text = `The server refused to negotiate: ${response.error}`;
    throw new HubscopeError("negotiate-error", text, { facts: { serverError: response.error } });
  }
  if (response.kind === "not-signalr" || answer.status !== 200) {
    const answered = response.kind === "not-signalr" ? response.reason : "other-json";
    const text =
      answered === "classic"
        ? `A classic ASP.NET SignalR server answered at ${where}, not an ASP.NET Core SignalR hub.`
        : `What answered at ${where} is not an ASP.NET Core SignalR hub.`;
    throw new HubscopeError("not-signalr", text, { facts: { ...facts, answered } });
  }
  return response;
}

async function ask(
  url: URL,
  headers: Readonly<Record<string, string>>,
  options: HubClientOptions,
  ports: HubClientPorts,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const over = new AbortController();
  const onAbort = () => over.abort(signal.reason);
  const timeout = new HubscopeError(
    "unreachable",
    `${url.origin} did not answer within ${REQUEST_TIMEOUT} ms.`,
  );
  signal.throwIfAborted();
  signal.addEventListener("abort", onAbort);
  const done = new AbortController();
  ports.clock.after(REQUEST_TIMEOUT, () => over.abort(timeout), done.signal);
  try {
    const withCredentials = options.withCredentials !== false;
    return await ports.sendHttp(url, { method: "POST", headers, withCredentials, signal: over.signal });
  } catch (cause) {
    if (over.signal.aborted) throw over.signal.reason;
    const text = `Negotiate with ${withoutQuery(url)} got no answer: ${errorText(cause)}`;
    throw new HubscopeError("unreachable", text, { cause });
  } finally {
    signal.removeEventListener("abort", onAbort);
    done.abort();
  }
}

function factsOf({ status, contentType, text, redirectedTo }: HttpAnswer): HubscopeErrorFacts {
  return {
    status,
    contentType,
    bodyStart: text.slice(0, BODY_START_LENGTH),
    ...(redirectedTo !== undefined && URL.canParse(redirectedTo)
      ? { redirectedTo: withoutQuery(new URL(redirectedTo)) }
      : {}),
  };
}

function redirectUrl({ url }: Redirect): URL {
  const address = readHubAddress(url);
  if (address.kind === "url") return address.url;
  const text = `The server redirected negotiate to an address that is no absolute http(s) URL (${address.fault}).`;
  throw new HubscopeError("protocol-violation", text);
}

function requireWebSockets({ transports }: Accepted, protocol: HubProtocolName): void {
  const format = codecFor(protocol).transferFormat === "text" ? "Text" : "Binary";
  const fits = transports.some(
    ({ transport, transferFormats }) => transport === "WebSockets" && transferFormats.includes(format),
  );
  if (fits) return;
  const offered = transports.map(({ transport }) => transport);
  const list = offered.length === 0 ? "none" : offered.join(", ");
  const text = `The server offers no WebSockets that carry ${protocol}; it offers ${list}.`;
  throw new HubscopeError("no-common-transport", text, { facts: { offered } });
}
