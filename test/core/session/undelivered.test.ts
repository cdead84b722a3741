import { expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";

/** What an ASP.NET Core 10.0.12 server did with these bytes: another client saw which of the calls were made. */
const REQUEST = '{"protocol":"json","version":1}\u001e';
const say = (text: string, id?: number) =>
  `{"type":1,${id === undefined ? "" : `"invocationId":"${id}",`}"target":"Say","arguments":["${text}"]}\u001e`;
const closeWithError = '{"type":7,"error":"Connection closed with an error.","allowReconnect":true}\u001e';

function undelivered(...payloads: readonly (readonly ["out" | "in", string])[]) {
  const session = createSession();
  session.apply({ type: "socket-opening", at: 0, socket: "s", url: "wss://host/hub" });
  session.apply({ type: "socket-opened", at: 1, socket: "s", protocol: "" });
  for (const [direction, text] of payloads) {
    session.apply({ type: "socket-payload", at: 2, socket: "s", direction, payload: { kind: "text", text } });
  }
  return session.log.flatMap((entry) => {
    if (entry.kind !== "message" || entry.direction === "in") return [];
    const { message } = entry.record;
    const name =
      message.kind === "invocation" ? String(message.arguments[0] ?? message.target) : message.kind;
    return [`${name}: ${entry.undelivered ?? "delivered"}`];
  });
}

test("what is behind a message that the server cannot parse is not delivered, in whatever payload", () => {
  const fault = '{"type":1,"arguments":[]}\u001e';
  expect(
    undelivered(
      ["out", REQUEST],
      ["in", "{}\u001e"],
      ["out", say("before") + fault + say("behind")],
      ["out", say("later")],
      ["in", closeWithError],
      ["out", '{"type":6}\u001e'],
    ),
  ).toEqual([
    "handshake-request: delivered",
    "before: delivered",
    ": delivered",
    "behind: after-fault",
    "later: after-fault",
    "ping: after-close",
  ]);
});

test("a second handshake is such a message", () => {
  expect(
    undelivered(
      ["out", REQUEST],
      ["in", "{}\u001e"],
      ["out", REQUEST + say("behind")],
      ["in", closeWithError],
    ),
  ).toEqual(["handshake-request: delivered", "undecodable: delivered", "behind: after-fault"]);
});

test("a fault that only its content has is found when the server closes", () => {
  expect(
    undelivered(
      ["out", REQUEST],
      ["in", "{}\u001e"],
      ["out", `{"type":1,"target":"Say","arguments":[nul]}\u001e${say("behind")}`],
      ["in", closeWithError],
    ),
  ).toEqual(["handshake-request: delivered", "undecodable: delivered", "behind: after-fault"]);
});

test("behind a refused handshake nothing is delivered", () => {
  expect(
    undelivered(
      ["out", REQUEST.replace("json", "xml") + say("behind")],
      ["in", '{"error":"The protocol \'xml\' is not supported."}\u001e'],
      ["out", say("later")],
    ).at(-1),
  ).toMatch(/after/);
});

test("a server that closes for another reason has read all, and so has one that answers what is behind", () => {
  expect(
    undelivered(["out", REQUEST], ["in", "{}\u001e"], ["out", say("a")], ["in", closeWithError]),
  ).toEqual(["handshake-request: delivered", "a: delivered"]);
  const fault = '{"type":1,"invocationId":null,"target":"Say","arguments":["lenient"]}\u001e';
  expect(
    undelivered(
      ["out", REQUEST],
      ["in", "{}\u001e"],
      ["out", fault + say("answered", 1) + say("last")],
      ["in", '{"type":3,"invocationId":"1","result":null}\u001e'],
      ["in", closeWithError],
    ),
  ).toEqual(["handshake-request: delivered", "lenient: delivered", "answered: delivered", "last: delivered"]);
});

test("a client that says Close is still read", () => {
  expect(
    undelivered(
      ["out", REQUEST],
      ["in", "{}\u001e"],
      ["out", `{"type":7}\u001e${say("same payload")}`],
      ["out", say("next payload")],
      ["in", '{"type":7}\u001e'],
    ),
  ).toEqual([
    "handshake-request: delivered",
    "close: delivered",
    "same payload: delivered",
    "next payload: delivered",
  ]);
});
