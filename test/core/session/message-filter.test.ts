import { describe, expect, test } from "vitest";
import type { PayloadAct } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import { parseFilterQuery } from "../../../core/src/session/filter-query.ts";
import { compileFilter } from "../../../core/src/session/message-filter.ts";
import { conversation } from "../../support/conversation.ts";

function chat() {
  const session = createSession();
  const events = conversation(`
    0ms negotiate /hubs/Chat token abc
    1ms open /hubs/Chat?id=abc
    -> handshake json 1
    <- handshake
    -> invoke 1 Echo("Grüße, Welt")
    <- complete 1 result "Grüße, Welt"
    -> invoke 11 Divide(1, 0)
    <- complete 11 error "Division by zero"
    -> stream 12 Count(3) uploads 13
    <- item 12 {"price":42}
    -> cancel 12
    <- complete 12 void
    <- send Say("hi there")
    <- ping
    9ms closed 1006
  `);
  for (const event of events) session.apply(event);
  return session;
}

const session = chat();

function found(query: string): readonly string[] {
  return session.log.filter(compileFilter(query, session)).map((entry) => {
    if (entry.kind !== "message") return entry.happening.kind;
    const { message } = entry.record;
    return "invocationId" in message && message.invocationId !== undefined
      ? `${message.kind} ${message.invocationId}`
      : message.kind;
  });
}

describe("compileFilter", () => {
  test.for<[string, readonly string[]]>([
    ["grüße", ["invocation 1", "completion 1"]],
    ["GRÜSSE", []],
    ['"division by"', ["completion 11"]],
    ["there hi", ["invocation"]],
    ['"there hi"', []],
    ["price", ["stream-item 12"]],
    ["42", ["stream-item 12"]],
    ["divide", ["invocation 11", "completion 11"]],
    ["target:cou", ["stream-invocation 12", "stream-item 12", "cancel-invocation 12", "completion 12"]],
    ["type:invocation", ["invocation 1", "invocation 11", "invocation"]],
    ["type:4", ["stream-invocation 12"]],
    ["type:stream", ["stream-invocation 12", "stream-item 12"]],
    ["type:negotiate", ["negotiate"]],
    ["id:1", ["invocation 1", "completion 1"]],
    ["id:13", ["stream-invocation 12"]],
    ["is:error", ["completion 11", "closed"]],
    ["dir:in type:completion -is:error", ["completion 1", "completion 12"]],
    ["direction:out target:echo", ["invocation 1"]],
    ["-dir:in -dir:out", ["negotiate", "opened", "closed"]],
    ["ping", ["ping"]],
    ["1006", ["closed"]],
    ["nothing:here", []],
    ["dir:sideways", []],
  ])("%s", ([query, expected]) => {
    expect(found(query)).toEqual(expected);
  });

  test("what Hubscope did is found by what it did", () => {
    const acted = createSession();
    const say = (act: PayloadAct | undefined, target: string): void =>
      acted.apply({
        type: "socket-payload",
        at: 0,
        socket: "s",
        direction: "in",
        payload: { kind: "text", text: `{"type":1,"target":"${target}","arguments":[]}\u001e` },
        ...(act === undefined ? {} : { act }),
      });
    say(undefined, "Plain");
    say("simulated", "New");
    say("dropped", "Gone");
    const targets = (query: string) =>
      acted.log
        .filter(compileFilter(query, acted))
        .flatMap((entry) => (entry.kind === "message" ? [entry.target] : []));
    expect(targets("is:act")).toEqual(["New", "Gone"]);
    expect(targets("is:dropped")).toEqual(["Gone"]);
    expect(targets("is:delayed")).toEqual([]);
    expect(targets("-is:act")).toEqual(["Plain"]);
    expect(targets("is:constructor")).toEqual([]);
    acted.apply({
      type: "socket-closed",
      at: 1,
      socket: "s",
      code: 1006,
      reason: "",
      wasClean: false,
      act: "cut",
    });
    expect(acted.log.filter(compileFilter("is:cut", acted))).toMatchObject([
      { happening: { kind: "closed" } },
    ]);
    expect(acted.log.filter(compileFilter("is:act", acted))).toHaveLength(3);
    expect(acted.log.filter(compileFilter("is:refused", acted))).toEqual([]);
  });

  test("the path of the hub finds all of its entries", () => {
    expect(found("hubs/chat")).toHaveLength(session.log.length);
    expect(found("-hubs/chat")).toHaveLength(0);
  });

  test.for(["", "   ", "target:", "type: ", "-", '"', "is:"])("%s hides nothing", (query) => {
    expect(found(query)).toHaveLength(session.log.length);
  });

  test("unknown syntax is plain text", () => {
    expect(parseFilterQuery('foo:bar is:odd dir:x a-b C:"d e" -x:y')).toEqual([
      { negated: false, condition: { kind: "text", text: "foo:bar" } },
      { negated: false, condition: { kind: "text", text: "is:odd" } },
      { negated: false, condition: { kind: "text", text: "dir:x" } },
      { negated: false, condition: { kind: "text", text: "a-b" } },
      { negated: false, condition: { kind: "text", text: "c:d e" } },
      { negated: true, condition: { kind: "text", text: "x:y" } },
    ]);
  });

  test("a phrase may follow a key, and one that is not closed goes to the end", () => {
    expect(parseFilterQuery('target:"On Message" -"not this')).toEqual([
      { negated: false, condition: { kind: "target", text: "on message" } },
      { negated: true, condition: { kind: "text", text: "not this" } },
    ]);
  });

  test("no query is refused", () => {
    for (const query of [
      '"""',
      "::",
      "-:",
      "(((",
      "[",
      "\\",
      "a:b:c",
      "constructor:x",
      "dir:constructor",
      "type:toString",
    ]) {
      expect(() => found(query), query).not.toThrow();
    }
  });
});
