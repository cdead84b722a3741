import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Connection, Invocation, LogEntry, MessageEntry } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { connectUrl, negotiateUrl, parseNegotiateResponse } from "../../../core/src/wire/negotiate.ts";
import { captureEventsOf, type TranscriptStep } from "../../support/client-session.ts";
import vectors from "../../vectors/client-session.json" with { type: "json" };
import { clientUnderTest } from "../client/client-under-test.ts";

interface Row {
  readonly name: string;
  readonly hub: string;
  readonly accessToken?: string;
  readonly steps: readonly TranscriptStep[];
  /** What the answers to negotiate say, in order. */
  readonly answers: readonly string[];
  readonly transports?: readonly string[];
  readonly shows: {
    readonly connections: readonly object[];
    readonly messages: readonly string[];
    readonly invocations: readonly object[];
    readonly errors: readonly string[];
  };
}

const ROWS = vectors as readonly Row[];

function sessionOf({ steps }: Row): Session {
  const session = createSession();
  for (const event of captureEventsOf(steps)) session.apply(event);
  return session;
}

function isNegotiate(url: string): boolean {
  return /\/negotiate\?/.test(url);
}

function shownConnection({ hubPath, transport, protocol, connectionId, state }: Connection): object {
  const facts: Record<string, unknown> = { kind: state.kind };
  if ("code" in state) facts["code"] = state.code;
  if ("how" in state) facts["how"] = state.how;
  if ("status" in state) facts["status"] = state.status;
  if ("error" in state) facts["error"] = state.error;
  return {
    hubPath,
    ...(transport !== undefined && { transport }),
    ...(connectionId !== undefined && { connectionId }),
    ...(protocol !== undefined && { protocol: protocol.name }),
    state: facts,
  };
}

function isMessage(entry: LogEntry): entry is MessageEntry {
  return entry.kind === "message";
}

function shownMessage({ direction, record: { message }, target }: MessageEntry): string {
  const error = message.kind === "close" && message.error !== undefined ? `: ${message.error}` : "";
  return `${direction} ${message.kind}${target === undefined ? "" : ` ${target}`}${error}`;
}

function shownInvocation(session: Session, { target, kind, state, entries, streamIds }: Invocation): object {
  const messages = entries.map((number) => session.entry(number)).filter((entry) => entry !== undefined);
  const records = messages.filter(isMessage).map(({ record }) => record.message);
  const [opening] = records;
  const completion = records.find((message) => message.kind === "completion");
  return {
    target,
    kind,
    state: state.kind,
    ...(completion?.outcome.kind === "result" && { result: completion.outcome.value }),
    ...(streamIds !== undefined && {
      streamIds,
      arguments: opening?.kind === "invocation" ? opening.arguments : undefined,
    }),
  };
}

function invocationsOf(session: Session): readonly Invocation[] {
  const numbers = new Set(session.log.filter(isMessage).flatMap(({ invocation }) => invocation ?? []));
  return [...numbers].map((number) => session.invocation(number)).filter((found) => found !== undefined);
}

function shownError(entry: LogEntry): string {
  return isMessage(entry) ? entry.record.message.kind : entry.happening.kind;
}

describe("client sessions, folded into a session", () => {
  test.for(ROWS)("$name", (row) => {
    const session = sessionOf(row);
    expect({
      connections: session.connections.map(shownConnection),
      messages: session.log.filter(isMessage).map(shownMessage),
      invocations: invocationsOf(session).map((invocation) => shownInvocation(session, invocation)),
      errors: session.log.filter(({ isError }) => isError).map(shownError),
    }).toEqual(row.shows);
  });
});

describe("client sessions, the answers to negotiate", () => {
  test.for(ROWS.filter(({ answers }) => answers.length > 0))("$name", (row) => {
    const answers = row.steps.flatMap((step) =>
      step.kind === "exchange" && isNegotiate(step.url) ? [parseNegotiateResponse(step.answer ?? "")] : [],
    );
    const said = answers.map((answer) =>
      answer.kind === "not-signalr" ? `${answer.kind}:${answer.reason}` : answer.kind,
    );
    expect(said).toEqual(row.answers);
    if (row.transports === undefined) return;
    const offered = answers.flatMap((answer) => (answer.kind === "accepted" ? answer.transports : []));
    expect(offered.map(({ transport }) => transport)).toEqual(row.transports);
  });
});

describe("client sessions, the URLs that the client asks for", () => {
  test.for(ROWS.filter(({ steps }) => steps.length > 0))("$name", ({ hub, accessToken, steps }) => {
    let token: string | undefined;
    const secret = accessToken === undefined ? {} : { accessToken };
    for (const step of steps) {
      if (step.kind === "exchange" && isNegotiate(step.url)) {
        expect(step.url).toBe(negotiateUrl(hub).href);
        const answer = parseNegotiateResponse(step.answer ?? "");
        token = answer.kind === "accepted" ? answer.connectionToken : undefined;
      } else if (step.kind === "socket") {
        expect(step.url).toBe(connectUrl(hub, { ...(token !== undefined && { token }), ...secret }).href);
      } else if (step.kind === "event-stream") {
        const asSocket = step.url.replace(/^http/, "ws");
        expect(asSocket).toBe(connectUrl(hub, { ...(token !== undefined && { token }), ...secret }).href);
      } else if (step.kind === "exchange") {
        // Sends carry the access token in a header, and only the connection token in the query.
        const asSocket = step.url.replace(/^http/, "ws");
        expect(asSocket).toBe(connectUrl(hub, token === undefined ? {} : { token }).href);
      }
    }
  });
});

describe("client sessions, what is said before anything is sent", () => {
  test("error/builder: our client refuses an empty address and sends nothing", async () => {
    const { client, events, http } = clientUnderTest({ url: "" });
    await expect(client.start()).rejects.toMatchObject({ code: "not-a-url" });
    expect(events).toEqual([]);
    expect(http.requests).toEqual([]);
  });
});
