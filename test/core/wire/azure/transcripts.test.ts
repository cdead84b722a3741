import { describe, expect, test } from "vitest";
import { createSession } from "../../../../core/src/session/create-session.ts";
import type { MessageEntry } from "../../../../core/src/session/model.ts";
import {
  checkAccessToken,
  classicRedirectUrl,
  parseServiceUrl,
  readAccessToken,
  recogniseRest,
  redirectUrl,
} from "../../../../core/src/wire/azure/index.ts";
import { parseClassicNegotiateResponse } from "../../../../core/src/wire/classic/negotiate.ts";
import { connectUrl, negotiateUrl, parseNegotiateResponse } from "../../../../core/src/wire/negotiate.ts";
import { captureEventsOf, type TranscriptStep } from "../../../support/client-session.ts";
import vectors from "../../../vectors/azure-transcripts.json" with { type: "json" };

/** One exchange or socket of a client with an app server or the service. */
interface AzureStep {
  readonly kind: "exchange" | "socket";
  readonly method?: string;
  readonly url: string;
  readonly body?: string;
  /** Claims of the token that it carried. Times are left out of the recording. */
  readonly claims?: Readonly<Record<string, string>>;
  /** What is wrong with them. */
  readonly issues?: readonly string[];
  readonly status?: number;
  readonly answer?: string;
  readonly frames?: readonly AzureFrame[];
}

type AzureFrame =
  | { readonly kind: "text"; readonly direction: "out" | "in"; readonly text: string }
  | { readonly kind: "closed"; readonly code: number; readonly reason: string };

interface Transcript {
  readonly name: string;
  readonly steps: readonly AzureStep[];
  readonly shows: {
    readonly actions: readonly string[];
    readonly connections: readonly object[];
    readonly messages: readonly string[];
    readonly rest?: readonly (string | null)[];
  };
}

const TRANSCRIPTS = vectors as readonly Transcript[];
const SERVICE = { endpoint: "http://svc.test" };
const REQUEST_ID = "DAHRmI+1AAA=";

function stepsNamed(name: string): readonly AzureStep[] {
  const found = TRANSCRIPTS.find((transcript) => transcript.name === name);
  if (found === undefined) throw new Error(`no transcript ${name}`);
  // Preflights are left out: no page sees its own.
  return found.steps.filter(({ method }) => method !== "OPTIONS");
}

function asTranscriptSteps(step: AzureStep): readonly TranscriptStep[] {
  const { kind, method = "GET", url, body, status, answer, frames = [] } = step;
  if (kind === "exchange") {
    return [
      {
        kind,
        method,
        url,
        ...(body !== undefined && { body }),
        ...(status !== undefined && { status }),
        ...(answer !== undefined && { answer }),
      },
    ];
  }
  return [
    { kind, url },
    ...frames.map((frame): TranscriptStep => {
      if (frame.kind === "closed") return { ...frame, wasClean: frame.code !== 1006 };
      return { kind: "payload", direction: frame.direction, text: frame.text };
    }),
  ];
}

function shownMessage({ direction, record: { message }, target }: MessageEntry): string {
  return `${direction} ${message.kind}${target === undefined ? "" : ` ${target}`}`;
}

describe("transcripts, folded into a session", () => {
  test.for(TRANSCRIPTS)("$name: app server, service and socket are one connection", ({ name, shows }) => {
    const session = createSession();
    for (const event of captureEventsOf(stepsNamed(name).flatMap(asTranscriptSteps))) session.apply(event);
    const connections = session.connections.map(({ hubPath, connectionId, sockets }) => ({
      hubPath,
      sockets: sockets.length,
      ...(connectionId !== undefined && { connectionId }),
    }));
    const messages = session.log.filter((entry) => entry.kind === "message").map(shownMessage);
    expect({ connections, messages }).toEqual({ connections: shows.connections, messages: shows.messages });
  });
});

describe("transcripts, the addresses", () => {
  test.for(TRANSCRIPTS)("$name: what each address of a client is for", ({ name, shows }) => {
    const actions = stepsNamed(name).flatMap(({ kind, url }) => {
      const target = parseServiceUrl(url);
      switch (target.kind) {
        case "client":
          expect(target.isNegotiate).toBe(kind === "exchange");
          return [`${target.isNegotiate ? "negotiate" : "connect"} ${target.mode}`];
        case "classic-client":
          return [`${target.action} ${target.mode}`];
        default:
          return [];
      }
    });
    expect(actions).toEqual(shows.actions);
  });

  test.for(TRANSCRIPTS.filter(({ shows }) => shows.rest !== undefined))(
    "$name: which REST operation each call is",
    ({ name, shows }) => {
      const calls = stepsNamed(name).filter(({ url }) => url.includes("/api/"));
      const operations = calls.map(({ method = "", url }) => {
        const call = recogniseRest(method, url);
        return call === undefined ? null : `${call.operation} ${call.generation}`;
      });
      expect(operations).toEqual(shows.rest);
    },
  );

  test.for([
    ["core-node-8.0.29", "http://app.test/hubs/chat?tenant=t1", {}],
    ["core-browser-8.0.29", "http://app.test/hubs/chat", { accessToken: "<jwt>" }],
  ] as const)("%s: app server, redirect, service, socket", ([name, hub, secret]) => {
    const [app, service, socket] = stepsNamed(name);
    expect(app?.url).toBe(negotiateUrl(hub).href);
    const redirect = parseNegotiateResponse(app?.answer ?? "");
    if (redirect.kind !== "redirect") return expect.fail(redirect.kind);
    const { pathname: path, search: query } = negotiateUrl(hub);
    expect(redirect.url).toBe(redirectUrl(SERVICE, { hub: "Chat" }, { path, query, requestId: REQUEST_ID }));
    expect(service?.url).toBe(negotiateUrl(redirect.url).href);
    const accepted = parseNegotiateResponse(service?.answer ?? "");
    if (accepted.kind !== "accepted") return expect.fail(accepted.kind);
    const connect = connectUrl(redirect.url, { token: accepted.connectionToken, ...secret }).href;
    expect(socket?.url.replace("<jwt>", encodeURIComponent("<jwt>"))).toBe(connect);
  });

  test("classic-jquery-2.4.3: the redirect keeps the page's query", () => {
    const [app, service] = stepsNamed("classic-jquery-2.4.3");
    const [, query = ""] = (app?.url ?? "").split("?");
    const path = "/signalr/negotiate";
    const url = classicRedirectUrl(SERVICE, { path, query, requestId: REQUEST_ID });
    const [base, kept = ""] = url.split("?");
    expect(parseClassicNegotiateResponse(app?.answer ?? "")).toEqual({
      kind: "redirect",
      protocolVersion: "2.0",
      url: base,
      query: kept,
      accessToken: "<jwt>",
    });
    expect(parseClassicNegotiateResponse(service?.answer ?? "")).toMatchObject({
      kind: "accepted",
      protocolVersion: "2.1",
      url: "/aspnetclient",
      connectionToken: "tok/+=1",
    });
  });

  test("go-signalr-go: version 0, so that the ID is the token; the hub as given, then in lower case", () => {
    const steps = stepsNamed("go-signalr-go").filter(({ url }) => url.includes("/client/"));
    const [negotiate, socket] = steps;
    expect(parseServiceUrl(negotiate?.url ?? "")).toMatchObject({ issues: ["hub-not-lower-case"] });
    const accepted = parseNegotiateResponse(negotiate?.answer ?? "");
    if (accepted.kind !== "accepted") return expect.fail(accepted.kind);
    expect(accepted).toMatchObject({ version: 0, connectionId: "conn1", connectionToken: "conn1" });
    const hub = "http://svc.test/client/?hub=chat";
    expect(socket?.url).toBe(connectUrl(hub, { token: accepted.connectionToken }).href);
  });
});

const AUDIENCE_ISSUES = /audience|host|token-for|hub-not/;

describe("transcripts, the tokens", () => {
  test.for(TRANSCRIPTS)("$name: every token is made out for what it is used for", ({ name }) => {
    const signed = stepsNamed(name).filter(({ claims }) => claims !== undefined);
    expect(signed.length).toBeGreaterThan(0);
    for (const { url, claims = {}, issues = [] } of signed) {
      const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
      const token = readAccessToken(`${Buffer.from('{"alg":"HS256"}').toString("base64url")}.${payload}.x`);
      if (token.kind !== "token") return expect.fail(token.fault);
      const found = checkAccessToken(token, { now: 0, url }).map(({ code }) => code);
      expect(
        found.filter((code) => AUDIENCE_ISSUES.test(code)),
        url,
      ).toEqual(issues);
    }
  });
});
