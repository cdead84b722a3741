import { describe, expect, test } from "vitest";
import type { Diagnosis } from "../../core/src/client/diagnosis.ts";
import { failureText } from "../../playground/connect-texts.ts";

/** One of each, so that a new diagnosis without a text fails to compile here and there. */
const examples = {
  "not-a-url": [
    { kind: "not-a-url", fault: "empty" },
    { kind: "not-a-url", fault: "relative" },
    { kind: "not-a-url", fault: "scheme" },
    { kind: "not-a-url", fault: "credentials" },
    { kind: "not-a-url", fault: "malformed" },
  ],
  "mixed-content": [
    { kind: "mixed-content", origin: "http://hub.example", pageOrigin: "https://page.example" },
  ],
  unreachable: [{ kind: "unreachable", origin: "https://hub.example" }],
  "blocked-by-cors": [
    {
      kind: "blocked-by-cors",
      origin: "https://hub.example",
      pageOrigin: "http://a",
      worksWithoutCredentials: false,
    },
    {
      kind: "blocked-by-cors",
      origin: "https://hub.example",
      pageOrigin: "http://a",
      worksWithoutCredentials: true,
    },
  ],
  "not-found": [{ kind: "not-found", path: "/hub" }],
  unauthorised: [
    { kind: "unauthorised", status: 401, at: "negotiate", tokenGiven: false },
    { kind: "unauthorised", status: 401, at: "negotiate", tokenGiven: true },
    { kind: "unauthorised", status: 401, at: "transport", tokenGiven: true },
    { kind: "unauthorised", status: 403, at: "negotiate", tokenGiven: true },
  ],
  "server-error": [{ kind: "server-error", status: 502 }],
  refused: [
    { kind: "refused", status: 405 },
    { kind: "refused", status: 405, redirectedTo: "https://hub.example/hub/negotiate" },
  ],
  "not-signalr": [
    {
      kind: "not-signalr",
      answered: "html",
      status: 200,
      contentType: "text/html",
      bodyStart: "<!doctype html>",
    },
    {
      kind: "not-signalr",
      answered: "other-json",
      status: 200,
      contentType: "application/json",
      bodyStart: "{}",
    },
    { kind: "not-signalr", answered: "not-json", status: 200, contentType: "text/plain", bodyStart: "ok" },
    { kind: "not-signalr", answered: "empty", status: 204, contentType: "", bodyStart: "" },
  ],
  "classic-signalr": [{ kind: "classic-signalr" }],
  "negotiate-error": [{ kind: "negotiate-error", error: "Full." }],
  "unsupported-transport": [
    { kind: "unsupported-transport", offered: [] },
    { kind: "unsupported-transport", offered: ["LongPolling"] },
  ],
  "socket-refused": [{ kind: "socket-refused" }, { kind: "socket-refused", status: 404, closeCode: 1006 }],
  "handshake-rejected": [
    { kind: "handshake-rejected", error: "Handshake was canceled." },
    { kind: "handshake-rejected", error: "The protocol 'messagepack' is not supported." },
  ],
  "handshake-failed": [{ kind: "handshake-failed", closeCode: 1006 }],
  "connection-lost": [{ kind: "connection-lost", closeCode: 1006, closeReason: "" }],
  "closed-by-server": [
    { kind: "closed-by-server", allowReconnect: true },
    { kind: "closed-by-server", allowReconnect: true, error: "Connection closed with an error." },
  ],
  "server-timeout": [{ kind: "server-timeout" }],
  other: [{ kind: "other", message: "Something else." }],
} satisfies { readonly [K in Diagnosis["kind"]]: readonly Extract<Diagnosis, { kind: K }>[] };

const all: readonly Diagnosis[] = Object.values(examples).flat();

describe("what the user is told of a failed connection", () => {
  test.for(all.map((diagnosis) => [JSON.stringify(diagnosis), diagnosis] as const))(
    "%s has a sentence that says what it is and one that says what to do",
    ([, diagnosis]) => {
      const { what, next } = failureText(diagnosis);
      expect(what).toMatch(/^[A-Z].{15,}\.$/);
      expect(next).toMatch(/^[A-Z].{15,}\.$/);
      expect(`${what} ${next}`).not.toMatch(/undefined|null|please|oops|!/i);
    },
  );

  test("no two faults have the same sentence", () => {
    const sentences = all
      .map((diagnosis) => failureText(diagnosis))
      .map(({ what, next }) => `${what} ${next}`);
    expect(new Set(sentences).size).toBe(all.length);
  });

  test("what a hostile server says cannot turn the text around", () => {
    const { detail } = failureText({ kind: "negotiate-error", error: "a\u202eb\nc" });
    expect(detail).not.toMatch(/[\u202e\n]/);
  });
});
