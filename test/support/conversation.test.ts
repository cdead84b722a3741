import { describe, expect, test } from "vitest";
import { conversation } from "./conversation.ts";

function texts(drawing: string): readonly string[] {
  return conversation(drawing).map((event) =>
    event.type === "socket-payload" && event.payload.kind === "text"
      ? `${event.direction} ${event.payload.text.replace("\u001e", "")}`
      : event.type,
  );
}

describe("conversation", () => {
  test("a completion is drawn with its time, direction and result", () => {
    expect(conversation("12ms <- complete 1 result 0")).toEqual([
      {
        type: "socket-payload",
        at: 12,
        socket: "a",
        direction: "in",
        payload: { kind: "text", text: '{"type":3,"invocationId":"1","result":0}\u001e' },
      },
    ]);
  });

  test("every kind of message has its line", () => {
    expect(
      texts(`
        -> handshake json 1
        <- handshake
        <- handshake error "no"
        -> send Say("a b", 1)
        -> invoke 1 Sum() uploads 2 3
        -> stream 4 Count([1, 2])
        <- item 4 {"x":1}
        <- complete 4 void
        <- complete 1 error "boom"
        -> cancel 4
        <- ping
        <- close
        <- close error "bye"
        <- close reconnect
        -> ack 5
        -> sequence 6
        <- raw {"type":99}
      `),
    ).toEqual([
      'out {"protocol":"json","version":1}',
      "in {}",
      'in {"error":"no"}',
      'out {"target":"Say","arguments":["a b",1],"type":1}',
      'out {"target":"Sum","arguments":[],"streamIds":["2","3"],"invocationId":"1","type":1}',
      'out {"target":"Count","arguments":[[1,2]],"invocationId":"4","type":4}',
      'in {"type":2,"invocationId":"4","item":{"x":1}}',
      'in {"type":3,"invocationId":"4"}',
      'in {"type":3,"invocationId":"1","error":"boom"}',
      'out {"type":5,"invocationId":"4"}',
      'in {"type":6}',
      'in {"type":7}',
      'in {"type":7,"error":"bye"}',
      'in {"type":7,"allowReconnect":true}',
      'out {"type":8,"sequenceId":5}',
      'out {"type":9,"sequenceId":6}',
      'in {"type":99}',
    ]);
  });

  test("a time and a socket hold until the next one", () => {
    const events = conversation(`
      5ms b: open /chat
      -> ping
      7ms a: closed 1006
    `);
    expect(events.map((event) => [event.at, event.type, "socket" in event && event.socket])).toEqual([
      [5, "socket-opening", "b"],
      [5, "socket-opened", "b"],
      [5, "socket-payload", "b"],
      [7, "socket-closed", "a"],
    ]);
  });

  test("a negotiate is a whole exchange", () => {
    const events = conversation("0ms negotiate /chat token abc stateful");
    expect(events.map(({ type }) => type)).toEqual([
      "http-request",
      "http-response",
      "http-response-body",
      "http-ended",
    ]);
    expect(JSON.stringify(events[2])).toContain("useStatefulReconnect");
  });

  test.for(["<- nonsense", "whatever", "-> invoke 1 Add", "<- complete 1", "closed", "-> item 1 {"])(
    "%s is refused",
    (line) => {
      expect(() => conversation(line)).toThrow(line);
    },
  );
});
