import { HubscopeError, type HubscopeErrorFacts } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { HttpAnswer, ProbeHttp, SendHttp } from "../ports/http.ts";
import { connectUrl, negotiateUrl } from "../wire/negotiate.ts";
import { type AccessToken, tokenOf } from "./access-token.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { readHubAddress, toHttpUrl } from "./hub-address.ts";
import type { HubClientOptions } from "./hub-client.ts";
import { errorText } from "./isolate.ts";
import { negotiateHeaders } from "./negotiate-address.ts";

/** Milliseconds that a probe may take. Someone is waiting for the answer. */
const PROBE_TIMEOUT = 5_000;

/** What a diagnosis asks of the platform. */
export interface DiagnosisPorts {
  readonly clock: Clock;
  readonly sendHttp: SendHttp;
  readonly probeHttp: ProbeHttp;
  /** Address of the page that the client runs in; absent outside browsers, where CORS does not exist. */
  readonly pageUrl?: string;
}

/** What the client was asked to do when it failed. */
export type Attempt = Pick<
  HubClientOptions,
  "url" | "skipNegotiation" | "accessToken" | "withCredentials" | "headers"
>;

/**
 * Says why a client failed. `error` is what start() rejected with, or the error of the state. Where the error
 * alone cannot tell (a browser gives the same one for CORS and for a server that is down), it asks again in ways
 * that can. Never rejects.
 */
export async function diagnose(error: unknown, attempt: Attempt, ports: DiagnosisPorts): Promise<Diagnosis> {
  const address = readHubAddress(attempt.url);
  if (address.kind === "fault") return { kind: "not-a-url", fault: address.fault };
  if (!(error instanceof HubscopeError)) return { kind: "other", message: errorText(error) };
  const { url } = address;
  const { facts } = error;
  switch (error.code) {
    case "unreachable":
      return diagnoseSilence(url, attempt, ports);
    case "negotiate-refused":
      return diagnoseStatus(url, attempt, facts);
    case "not-signalr":
      return diagnoseAnswer(facts);
    case "negotiate-error":
      return { kind: "negotiate-error", error: facts.serverError ?? error.message };
    case "no-common-transport":
      return { kind: "unsupported-transport", offered: facts.offered ?? [] };
    case "transport-failed":
      return diagnoseTransport(url, attempt, ports, facts);
    case "handshake-rejected":
      return { kind: "handshake-rejected", error: facts.serverError ?? error.message };
    case "handshake-failed":
      return { kind: "handshake-failed", ...pick(facts, "closeCode") };
    case "connection-lost":
      return { kind: "connection-lost", ...pick(facts, "closeCode", "closeReason") };
    case "closed-by-server": {
      const text = facts.serverError === undefined ? {} : { error: facts.serverError };
      return { kind: "closed-by-server", allowReconnect: facts.allowReconnect === true, ...text };
    }
    case "server-timeout":
      return { kind: "server-timeout" };
    case "not-a-url":
    case "not-connected":
    case "invocation-failed":
    case "protocol-violation":
    case "stopped":
      return { kind: "other", message: error.message };
    default:
      return error.code satisfies never;
  }
}

function diagnoseStatus(url: URL, attempt: Attempt, facts: HubscopeErrorFacts): Diagnosis {
  const status = facts.status ?? 0;
  if (status === 404) return { kind: "not-found", path: url.pathname };
  if (status === 401 || status === 403) return unauthorised(status, "negotiate", attempt);
  if (status >= 500) return { kind: "server-error", status };
  return { kind: "refused", status, ...pick(facts, "redirectedTo") };
}

function diagnoseAnswer(facts: HubscopeErrorFacts): Diagnosis {
  const { status = 200, contentType = "", bodyStart = "", answered = "not-json" } = facts;
  if (answered === "classic") return { kind: "classic-signalr" };
  return { kind: "not-signalr", answered, status, contentType, bodyStart };
}

/** The platform gave no answer and no reason. */
async function diagnoseSilence(url: URL, attempt: Attempt, ports: DiagnosisPorts): Promise<Diagnosis> {
  const { origin } = url;
  const page = pageOf(ports);
  if (page === undefined) return { kind: "unreachable", origin };
  if (isMixedContent(page, url)) return { kind: "mixed-content", origin, pageOrigin: page.origin };
  if (page.origin === origin || !(await answers(url, ports))) return { kind: "unreachable", origin };
  const worksWithoutCredentials = attempt.withCredentials !== false && (await allowsWithoutCredentials());
  return { kind: "blocked-by-cors", origin, pageOrigin: page.origin, worksWithoutCredentials };

  async function allowsWithoutCredentials(): Promise<boolean> {
    const headers = negotiateHeaders(attempt, await probeToken(attempt, ports));
    const answer = await request(
      negotiateUrl(url),
      { method: "POST", headers, withCredentials: false },
      ports,
    );
    return answer !== undefined;
  }
}

/**
 * The WebSocket did not open. A plain GET to where it went, with an ID that no server knows, passes the same
 * authorisation and the same proxies, and its status can be read.
 */
async function diagnoseTransport(
  url: URL,
  attempt: Attempt,
  ports: DiagnosisPorts,
  facts: HubscopeErrorFacts,
): Promise<Diagnosis> {
  const page = pageOf(ports);
  if (page !== undefined && isMixedContent(page, url)) {
    return { kind: "mixed-content", origin: url.origin, pageOrigin: page.origin };
  }
  const token = await probeToken(attempt, ports);
  const probed = toHttpUrl(connectUrl(url, { token: "hubscope-probe", ...token }));
  const withCredentials = attempt.withCredentials !== false;
  const answer = await request(probed, { method: "GET", withCredentials }, ports);
  if (answer?.status === 401 || answer?.status === 403)
    return unauthorised(answer.status, "transport", attempt);
  if (attempt.skipNegotiation === true) {
    // No negotiate has shown that anything is there.
    if (answer === undefined && !(await answers(url, ports)))
      return { kind: "unreachable", origin: url.origin };
    if (answer?.status === 404 && !isUnknownConnection(answer))
      return { kind: "not-found", path: url.pathname };
  }
  const status = answer === undefined ? {} : { status: answer.status };
  return { kind: "socket-refused", ...status, ...pick(facts, "closeCode") };
}

/** A SignalR endpoint says this to an ID that it does not know; any other 404 is a path without a hub. */
function isUnknownConnection(answer: HttpAnswer): boolean {
  return answer.text.includes("No Connection with that ID");
}

function unauthorised(status: 401 | 403, at: "negotiate" | "transport", attempt: Attempt): Diagnosis {
  return { kind: "unauthorised", status, at, tokenGiven: attempt.accessToken !== undefined };
}

/** Also where the page is a file or sandboxed: its origin is then "null". */
function pageOf({ pageUrl }: DiagnosisPorts): URL | undefined {
  return pageUrl !== undefined && URL.canParse(pageUrl) ? new URL(pageUrl) : undefined;
}

function isMixedContent(page: URL, url: URL): boolean {
  return page.protocol === "https:" && url.protocol === "http:" && !isLoopback(url.hostname);
}

/** Browsers count these as secure whatever the scheme. W3C Secure Contexts, section 3.1. */
function isLoopback(host: string): boolean {
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host)
  );
}

function answers(url: URL, ports: DiagnosisPorts): Promise<boolean> {
  return limited(ports, (signal) => ports.probeHttp(url, signal)).then(
    () => true,
    () => false,
  );
}

interface Request {
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly withCredentials: boolean;
}

/** The answer, or undefined where there is none that may be read. */
function request(url: URL, options: Request, ports: DiagnosisPorts): Promise<HttpAnswer | undefined> {
  return limited(ports, (signal) => ports.sendHttp(url, { ...options, signal })).catch(() => undefined);
}

/** Rejects when the time is over, whether or not the platform minds the signal. */
async function limited<T>(ports: DiagnosisPorts, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const timer = new AbortController();
  const expired = new Promise<never>((_, reject) => {
    ports.clock.after(
      PROBE_TIMEOUT,
      () => {
        over.abort();
        reject(new Error(`No answer within ${PROBE_TIMEOUT} ms.`));
      },
      timer.signal,
    );
  });
  try {
    return await Promise.race([ask(over.signal), expired]);
  } finally {
    timer.abort();
  }
}

async function probeToken(attempt: Attempt, ports: DiagnosisPorts): Promise<AccessToken> {
  try {
    return await limited(ports, (signal) => tokenOf(attempt, signal));
  } catch {
    // Without a token the probe still tells whether one is asked for.
    return {};
  }
}

function pick<K extends keyof HubscopeErrorFacts>(
  facts: HubscopeErrorFacts,
  ...names: readonly K[]
): Pick<HubscopeErrorFacts, K> {
  return Object.fromEntries(
    names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])),
  ) as Pick<HubscopeErrorFacts, K>;
}
