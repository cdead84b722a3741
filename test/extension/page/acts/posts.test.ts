import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../../core/src/capture-event.ts";
import type { ActNatives } from "../../../../extension/page/acts/act-natives.ts";
import { createPosts } from "../../../../extension/page/acts/posts.ts";
import type { PageNatives } from "../../../../extension/page/page-natives.ts";
import { createFakeClock, settle } from "../../../support/fake-clock.ts";

const QUERY = "transport=serverSentEvents&connectionToken=t&connectionData=%5B%5D";
const CONNECT = `https://host/signalr/connect?${QUERY}&tid=1`;
const SEND = `https://host/signalr/send?${QUERY}`;
const FORM = "application/x-www-form-urlencoded; charset=UTF-8";

/** A platform whose requests are answered by the test. */
function open() {
  const clock = createFakeClock();
  const asked: { readonly url: string; readonly init: RequestInit }[] = [];
  const events: CaptureEvent[] = [];
  const said: (string | undefined)[] = [];
  let answered = 0;
  let answer: (response: Response) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const act = {
    after(delay: number, action: () => void) {
      const timer = new AbortController();
      clock.after(delay, action, timer.signal);
      return () => timer.abort();
    },
    fetch(url: string, init: RequestInit) {
      asked.push({ url, init });
      return new Promise<Response>((resolve, reject) => {
        [answer, fail] = [resolve, reject];
      });
    },
    statusOf: ({ status }: Response) => status,
    textOf: (response: Response) => response.text(),
  } as Partial<ActNatives> as ActNatives;
  const natives = {
    now: () => clock.now(),
    randomId: () => "r",
    settled: (promise: Promise<unknown>, done: (value: unknown) => void, failed: (error: unknown) => void) =>
      void promise.then(done, failed),
  } as Partial<PageNatives> as PageNatives;
  const posts = createPosts({ natives, act, report: (event) => events.push(event) });
  const learn = (url: string, method: string, headers: Readonly<Record<string, string>> = {}) =>
    posts.learn({ url, method, headers, credentials: "include" });
  return {
    posts,
    learn,
    asked,
    said,
    clock,
    types: () => events.map(({ type }) => type),
    answered: () => answered,
    async answer(text: string, status = 200) {
      answer(new Response(text, { status }));
      await settle();
    },
    async fail() {
      fail(new Error("nobody there"));
      await settle();
    },
    send: (text = "{}") =>
      posts.send("x", text, { done: (refusal) => said.push(refusal), answered: () => answered++ }),
  };
}

describe("what a form is like", () => {
  test("where nothing but the stream was seen, it goes with the stream's credentials", () => {
    const { posts, send, asked } = open();
    posts.name("x", CONNECT, "include");
    send('{"A":["a b"]}');
    expect(asked).toMatchObject([
      {
        url: SEND,
        init: {
          method: "POST",
          credentials: "include",
          headers: { "content-type": FORM },
          body: "data=%7B%22A%22%3A%5B%22a+b%22%5D%7D",
        },
      },
    ]);
  });

  test("a request of the page says more than its stream, and its own send request all, until the next", () => {
    const { posts, learn, send, asked } = open();
    posts.name("x", CONNECT);
    learn(`https://host/signalr/start?${QUERY}&_=1`, "GET", { authorization: "1", "content-type": "text/x" });
    send();
    learn(`${SEND}&own=1`, "POST", { authorization: "2", "content-type": FORM });
    learn(`https://host/signalr/poll?${QUERY}`, "POST", { authorization: "no" });
    posts.name("y", CONNECT);
    send();
    learn(SEND, "POST", { authorization: "3" });
    send();
    expect(asked.map(({ url, init }) => [url, init.headers, init.credentials])).toEqual([
      [SEND, { authorization: "1", "content-type": FORM }, "include"],
      [`${SEND}&own=1`, { authorization: "2", "content-type": FORM }, "include"],
      [SEND, { authorization: "3", "content-type": FORM }, "include"],
    ]);
  });

  test("another connection of the same hub says nothing of it", () => {
    const { posts, learn, said, send, asked } = open();
    posts.name("x", CONNECT);
    learn(SEND.replace("=t&", "=other&"), "POST", { authorization: "other" });
    send();
    expect(asked).toMatchObject([{ url: SEND, init: { headers: { "content-type": FORM } } }]);
    expect(asked[0]?.init.headers).not.toHaveProperty("authorization");
    expect(said).toEqual([]);
  });
});

describe("what comes of it", () => {
  test("an answer with a reply is recorded whole, and nothing else is awaited", async () => {
    const { posts, send, said, answer, answered, types, clock } = open();
    posts.name("x", CONNECT);
    send();
    await answer('{"I":"1"}');
    expect(types()).toEqual(["http-request", "http-response", "http-response-body", "http-ended"]);
    expect({ said, answered: answered(), timers: clock.pending }).toEqual({
      said: [undefined],
      answered: 1,
      timers: 0,
    });
  });

  test("an empty answer leaves the reply to the channel that receives", async () => {
    const { posts, send, said, answer, answered, types } = open();
    posts.name("x", CONNECT);
    send();
    await answer("");
    expect(types()).toEqual(["http-request", "http-response", "http-ended"]);
    expect({ said, answered: answered() }).toEqual({ said: [undefined], answered: 0 });
  });

  test("a status that is none of success is a refusal, and so is no answer", async () => {
    const { posts, send, said, answer, fail, answered } = open();
    posts.name("x", CONNECT);
    send();
    await answer("", 403);
    send();
    await fail();
    expect(said).toEqual(["The server answered with status 403.", "The request did not finish."]);
    expect(answered()).toBe(2);
  });

  test("after two seconds it counts as sent, once, whatever comes later", async () => {
    const { posts, send, said, answer, clock, types } = open();
    posts.name("x", CONNECT);
    send();
    await clock.advance(1_999);
    expect(said).toEqual([]);
    await clock.advance(1);
    expect(said).toEqual([undefined]);
    await answer("", 500);
    expect(said).toEqual([undefined]);
    expect(types().at(-1)).toBe("http-ended");
  });
});

test("ASP.NET Core's go as they are, and count when they are answered", async () => {
  const { posts, learn, send, said, asked, answer, clock, types } = open();
  posts.name("x", "https://host/hub?id=t");
  send();
  expect(said).toEqual(["Hubscope has not seen how this page sends: the page must send something first."]);
  learn("https://host/hub?id=t", "POST", { "x-own": "1" });
  send("record\u001e");
  expect(asked).toMatchObject([
    { url: "https://host/hub?id=t", init: { headers: { "x-own": "1" }, body: "record\u001e" } },
  ]);
  await clock.advance(10_000);
  expect(said).toHaveLength(1);
  await answer("");
  expect(said).toHaveLength(2);
  expect(types()).toEqual(["http-request", "http-response", "http-ended"]);
});
