import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import type { Payload } from "../../../core/src/wire/payload.ts";
import type { CopiedPayload } from "../../../extension/page/copy-payload.ts";
import { createExchangeRecorder, type ExchangeRequest } from "../../../extension/page/exchange-recorder.ts";
import { createHttpRecognition, type HttpRecognition } from "../../../extension/page/http-recognition.ts";

const HUB = "https://example.com/hubs/chat";
const STREAM = { accept: "text/event-stream" };

const post = (url: string) => ({ method: "POST", url });
const get = (url: string, headers?: Record<string, string>) => ({
  method: "GET",
  url,
  ...(headers && { headers }),
});

function createRecognition(): HttpRecognition {
  return createHttpRecognition((text) => JSON.parse(text) as unknown);
}

function knowing(...answers: readonly string[]): HttpRecognition {
  const recognition = createRecognition();
  recognition.recognise(post(`${HUB}/negotiate?negotiateVersion=1`));
  for (const answer of answers) recognition.learn(answer);
  return recognition;
}

describe("recognition", () => {
  test("negotiate by its path, whatever the method, but for a preflight", () => {
    const recognition = createRecognition();
    expect(recognition.recognise(post(`${HUB}/negotiate?negotiateVersion=1`))?.purpose).toBe("negotiate");
    expect(recognition.recognise(get("http://h/signalr/negotiate?clientProtocol=2.1"))?.purpose).toBe(
      "negotiate",
    );
    expect(recognition.recognise({ method: "OPTIONS", url: `${HUB}/negotiate` })).toBeUndefined();
    expect(recognition.recognise(get("http://h/negotiated?id=1"))).toBeUndefined();
  });

  test.for([
    ["version 1", '{"negotiateVersion":1,"connectionId":"c","connectionToken":"a/b+c="}', "a%2Fb%2Bc%3D"],
    ["version 1, unencoded", '{"negotiateVersion":1,"connectionToken":"a/b+c="}', "a/b+c="],
    ["version 0", '{"connectionId":"c0"}', "c0"],
  ] as const)("requests that carry the token of a negotiate: %s", ([, answer, id]) => {
    const recognition = knowing(answer);
    const url = `https://elsewhere.example/any?x=1&id=${id}`;
    expect(recognition.recognise(get(url))).toMatchObject({ purpose: "receive", isCertain: true });
    expect(recognition.recognise(get(url, STREAM))?.purpose).toBe("stream");
    expect(recognition.recognise(post(url))?.purpose).toBe("send");
    expect(recognition.recognise({ method: "DELETE", url })?.purpose).toBe("control");
    expect(recognition.recognise(get("https://elsewhere.example/any?id=nobody"))).toBeUndefined();
    expect(recognition.isKnownSocket(`wss://elsewhere.example/any?id=${id}`)).toBe(true);
  });

  test("a hub that was negotiated is known by its address though the answer was not seen", () => {
    const recognition = knowing();
    expect(recognition.recognise(get(`${HUB}?id=unseen`))?.isCertain).toBe(true);
    expect(recognition.recognise(post(`${HUB}/refresh?id=unseen`))?.purpose).toBe("control");
    expect(recognition.recognise(get(HUB))).toBeUndefined();
    expect(recognition.recognise(get(`${HUB}/other?id=unseen`))).toBeUndefined();
  });

  test("a refresh of authentication, by its hub or by its token, with more in the query or nothing at all", () => {
    const recognition = knowing('{"negotiateVersion":1,"connectionToken":"a/b+c="}');
    const control = { purpose: "control", isCertain: true };
    for (const url of [
      `${HUB}/refresh?id=a%2Fb%2Bc%3D`,
      `${HUB}/refresh/?tenant=1&id=unseen`,
      `${HUB}/Refresh`,
      "https://elsewhere.example/client/refresh?hub=chat&id=a/b+c=",
    ])
      expect(recognition.recognise(post(url)), url).toMatchObject(control);
    expect(recognition.recognise(get(`${HUB}/refresh`))).toBeUndefined();
    expect(recognition.recognise(post(`${HUB}/refresh/more`))).toBeUndefined();
    expect(recognition.recognise(post("https://example.com/auth/refresh"))).toBeUndefined();
    expect(recognition.recognise(post(`${HUB.replace("chat", "other")}/refresh?id=unseen`))).toBeUndefined();
  });

  test("an application's own refresh beside a hub at the root is left alone", () => {
    const recognition = createRecognition();
    recognition.recognise(post("https://example.com/negotiate?negotiateVersion=1"));
    expect(recognition.recognise(post("https://example.com/refresh"))).toBeUndefined();
    expect(recognition.recognise(post("https://example.com/refresh?id=unseen"))?.purpose).toBe("control");
  });

  test("a hub whose own path ends like a refresh is sent to", () => {
    const recognition = createRecognition();
    recognition.recognise(post("https://example.com/refresh/negotiate?negotiateVersion=1"));
    recognition.learn('{"connectionToken":"t"}');
    expect(recognition.recognise(post("https://example.com/refresh?id=t"))?.purpose).toBe("send");
    expect(recognition.recognise(post("https://example.com/refresh/refresh?id=t"))?.purpose).toBe("control");
  });

  test("classic SignalR before 1.0 by its connection ID, and nothing else that has one", () => {
    const recognition = knowing('{"ConnectionId":"c/5","Url":"/signalr"}');
    const of = (action: string, more = "") =>
      `http://h/signalr/${action}?transport=longPolling&connectionId=c%2F5${more}`;
    expect(recognition.recognise(post(of("send")))?.connection).toBeDefined();
    expect(recognition.recognise(get(of("connect")))?.connection).toBe(
      recognition.recognise(post(of("send")))?.connection,
    );
    expect(recognition.recognise(get(of("connect", "&connectionToken=unseen")))?.connection).toBeUndefined();
    expect(recognition.recognise(post("http://h/api/notify?connectionId=c%2F5"))).toBeUndefined();
  });

  test("the address to which a negotiate redirects is known", () => {
    const redirected = "https://name.service.signalr.net/client/?hub=chat&asrs.op=%2Fhubs%2Fchat";
    const recognition = knowing(JSON.stringify({ url: redirected, accessToken: "t" }));
    expect(recognition.isKnownSocket(`${redirected.replace("https", "wss")}&id=x&access_token=t`)).toBe(true);
    expect(recognition.recognise(get(`${redirected}&id=x`))?.isCertain).toBe(true);
  });

  test("requests of classic SignalR", () => {
    const recognition = createRecognition();
    recognition.recognise(get("http://h/signalr/negotiate?clientProtocol=2.1"));
    const of = (action: string, transport: string) =>
      `http://h/signalr/${action}?transport=${transport}&clientProtocol=2.1&connectionToken=abc%3D`;
    expect(recognition.recognise(get(of("start", "longPolling")))?.purpose).toBe("control");
    expect(recognition.recognise(post(of("abort", "longPolling")))?.purpose).toBe("control");
    expect(recognition.recognise(post(of("send", "serverSentEvents")))?.purpose).toBe("send");
    expect(recognition.recognise(post(of("send", "longPolling")))?.purpose).toBe("send");
    expect(recognition.recognise(post(of("poll", "longPolling")))?.purpose).toBe("receive");
    expect(recognition.recognise(get(of("connect", "serverSentEvents")))?.purpose).toBe("stream");
    expect(recognition.recognise(get("http://h/signalr/ping"))?.purpose).toBe("control");
    expect(recognition.recognise(get("http://other/ping"))).toBeUndefined();
  });

  test("an answer that is no JSON, or JSON of another shape, teaches nothing", () => {
    const recognition = createRecognition();
    expect(() => recognition.learn("<html>")).toThrow(SyntaxError);
    for (const answer of ["null", "5", "[]", '{"connectionToken":5,"url":{}}']) recognition.learn(answer);
    expect(recognition.recognise(get("http://h/?id=5"))).toBeUndefined();
  });

  test("old tokens are forgotten, so that a page cannot fill our memory", () => {
    const recognition = createRecognition();
    for (let at = 0; at < 1000; at++) recognition.learn(`{"connectionId":"c${at}"}`);
    expect(recognition.recognise(get("http://h/?id=c0"))).toBeUndefined();
    expect(recognition.recognise(get("http://h/?id=c999"))).toBeDefined();
  });
});

function record(recognition: HttpRecognition, request: ExchangeRequest, wantsOthers = false) {
  const reported: [CaptureEvent, boolean][] = [];
  const recognised = recognition.recognise(request);
  if (recognised === undefined) throw new Error("not recognised");
  const copies: (() => void)[] = [];
  let now = 0;
  const recorder = createExchangeRecorder(request, {
    exchange: "e",
    origin: { documentUrl: "https://example.com/", frame: "top" },
    recognised,
    recognition,
    now: () => ++now,
    report: (event, pinned) => reported.push([event, pinned]),
    isActive: () => true,
    wantsOthers: () => wantsOthers,
    whenCopied: (copy, done) => {
      if (copy.kind === "later")
        copies.push(() => done({ kind: "binary", bytes: new Uint8Array(copy.size).fill(64) }));
      else done(copy);
    },
  });
  return {
    recorder,
    types: () => reported.map(([{ type }]) => type.replace("http-", "")),
    pinned: () => reported.map(([, pinned]) => pinned),
    events: () => reported.map(([event]) => event),
    finishCopies: () => {
      for (const copied of copies.splice(0)) copied();
    },
  };
}

const text = (value: string): Payload => ({ kind: "text", text: value });
const later = (size: number): CopiedPayload => ({ kind: "later", bytes: new Promise(() => undefined), size });
const ANSWER = '{"negotiateVersion":1,"connectionId":"c","connectionToken":"token"}';

describe("recorder", () => {
  test("a negotiate is pinned whole, and what it names is known before the page can use it", () => {
    const recognition = createRecognition();
    const { recorder, types, pinned } = record(recognition, post(`${HUB}/negotiate`));
    recorder.responded(200);
    recorder.piece(text(ANSWER));
    recorder.ended();
    expect(types()).toEqual(["request", "response", "response-body", "ended"]);
    expect(pinned()).toEqual([true, true, true, true]);
    expect(recognition.recognise(get("https://x/?id=token"))).toBeDefined();
  });

  test("the first send and the first answer of a connection are pinned: the handshake; polls and sends are not", () => {
    const recognition = knowing(ANSWER);
    const url = `${HUB}?id=token`;
    const run = (request: ExchangeRequest, body: string) => {
      const { recorder, pinned } = record(recognition, request);
      recorder.responded(200);
      if (body !== "") recorder.piece(text(body));
      recorder.ended();
      return pinned();
    };
    expect(run(get(url), "")).toEqual([true, true, true]);
    expect(run({ ...post(url), body: text("handshake") }, "")).toEqual([true, true, true]);
    expect(run(get(url), "{}\u001e")).toEqual([true, true, true, false]);
    expect(run(get(url), "message")).toEqual([false, false, false, false]);
    expect(run({ ...post(url), body: text("call") }, "")).toEqual([false, false, false]);
    expect(run({ method: "DELETE", url }, "")).toEqual([true, true, true]);
  });

  test("an event stream is pinned but for its messages", () => {
    const { recorder, pinned } = record(knowing(ANSWER), get(`${HUB}?id=token`, STREAM));
    recorder.responded(200, { "content-type": "text/event-stream" });
    for (const data of ["{}\u001e", "one", "two"]) recorder.piece(text(`data: ${data}\n\n`));
    recorder.ended();
    expect(pinned()).toEqual([true, true, true, false, false, true]);
  });

  describe("an event stream of an address that nobody knows", () => {
    const start = (wantsOthers = false) =>
      record(createRecognition(), get("https://example.com/feed", STREAM), wantsOthers);

    test("is held until its first event is a hub's, then reported from its beginning", () => {
      const { recorder, types } = start();
      recorder.responded(200, { "content-type": "text/event-stream; charset=utf-8" });
      recorder.piece(text(": comment\n\nda"));
      expect(types()).toEqual([]);
      recorder.piece(text("ta: {}\u001e\n\n"));
      expect(types()).toEqual(["request", "response", "response-body", "response-body"]);
    });

    test.for([
      ["its first event is none of a hub's", (recorder) => recorder.piece(text("data: weather\n\n"))],
      ["it ends before", (recorder) => recorder.ended()],
      [
        "it says nothing to the point",
        (recorder) => {
          for (let at = 0; at < 20; at++) recorder.piece(text(": x\n"));
        },
      ],
      ["it is large", (recorder) => recorder.piece(text(`: ${"x".repeat(300_000)}`))],
    ] as readonly (readonly [string, (recorder: ReturnType<typeof start>["recorder"]) => void])[])(
      "is forgotten where %s",
      ([, say]) => {
        const { recorder, types } = start();
        recorder.responded(200, { "content-type": "text/event-stream" });
        say(recorder);
        expect(recorder.isOver).toBe(true);
        recorder.piece(text("data: {}\u001e\n\n"));
        expect(types()).toEqual([]);
      },
    );

    test("is forgotten where the answer is no event stream", () => {
      const { recorder } = start();
      recorder.responded(200, { "content-type": "text/html" });
      expect(recorder.isOver).toBe(true);
    });

    test("is reported where the user wants all", () => {
      const { recorder, types } = start(true);
      recorder.responded(200, { "content-type": "text/event-stream" });
      recorder.piece(text("data: weather\n\n"));
      expect(types()).toEqual(["request", "response", "response-body"]);
    });
  });

  test("a Blob takes its place at once and holds up what follows it", () => {
    const { recorder, types, events, finishCopies } = record(knowing(ANSWER), {
      ...post(`${HUB}?id=token`),
      body: later(2),
    });
    recorder.responded(200);
    recorder.ended();
    expect(types()).toEqual([]);
    finishCopies();
    expect(types()).toEqual(["request", "response", "ended"]);
    expect(events()[0]).toMatchObject({ at: 1, body: { kind: "binary", bytes: new Uint8Array([64, 64]) } });
  });

  test("who sees the end first says it; the rest is ignored", () => {
    const { recorder, events } = record(knowing(ANSWER), get(`${HUB}?id=token`));
    recorder.failed(new DOMException("The user aborted a request.", "AbortError"));
    recorder.responded(200);
    recorder.piece(text("late"));
    recorder.ended();
    expect(events().slice(1)).toEqual([
      { type: "http-ended", at: 2, exchange: "e", error: "The user aborted a request." },
    ]);
  });

  test("a reason of the page's own is asked for nothing that could be code", () => {
    const reason = {
      get message() {
        throw new Error("asked");
      },
    };
    const { recorder, events } = record(knowing(ANSWER), get(`${HUB}?id=token`));
    recorder.failed(reason);
    expect(events().at(-1)).toMatchObject({ error: "The request did not finish." });
  });

  test("headers that may carry secrets are not reported", () => {
    const headers = { ...STREAM, authorization: "Bearer secret", cookie: "secret", "x-mine": "secret" };
    const { events } = record(knowing(ANSWER), get(`${HUB}?id=token`, headers));
    expect(events()[0]).toMatchObject({ headers: STREAM });
    expect(JSON.stringify(events())).not.toContain("secret");
  });
});
