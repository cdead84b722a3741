import { expect, test } from "vitest";
import { createPolls } from "../../../../extension/page/acts/polls.ts";
import type { PagePoll, WirePoll } from "../../../../extension/page/interceptor.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The polls of one connection, whose requests are answered by hand. */
function open({ isLooking = false, held = "" } = {}) {
  const lines: string[] = [];
  const requests: { answer(response: Response): void; fail(error: unknown): void }[] = [];
  let began = 0;
  const polls = createPolls({
    natives: {
      promise: (run) => new Promise(run),
      settled(promise, done, failed) {
        promise.then(done, failed);
      },
      listen: (target, type, listener) => target.addEventListener(type, listener),
      unlisten: (target, type, listener) => target.removeEventListener(type, listener),
      bufferSize: (buffer) => buffer.byteLength,
      blobSize: (blob) => blob.size,
      readBlob: (blob) => blob.arrayBuffer(),
    },
    act: {
      statusOf: ({ status }) => status,
      bodyOf: (response) => response.arrayBuffer(),
      isEventStream: ({ headers }) => headers.get("content-type") === "text/event-stream",
      answerLike: (_like, body) => new Response(body),
      isAborted: ({ aborted }) => aborted,
      abortReason: ({ reason }) => reason as unknown,
      encode: (text) => encoder.encode(text),
      decode: (bytes) => decoder.decode(bytes),
      fetch: () => Promise.reject(new TypeError("the network's own words")),
    },
    isLooking: () => isLooking,
    takesBody: () => undefined,
    serverLeaves() {
      if (held !== "") polls.deliver(held);
    },
  });

  function recording(name: string) {
    return {
      responded: (status: number) => lines.push(`${name} responded ${status}`),
      piece: (_payload: unknown, facts?: { readonly act?: string }) =>
        lines.push(`${name} piece ${facts?.act ?? "passed"}`),
      ended: () => lines.push(`${name} ended`),
      cancelled: () => lines.push(`${name} cancelled`),
      failed: (_error: unknown, act?: string) => lines.push(`${name} failed ${act ?? "by itself"}`),
      isOver: false,
    };
  }

  /** As the watcher of `fetch` asks. */
  function fetchPoll(signal?: AbortSignal): Promise<Response> {
    const poll: PagePoll = {
      url: "http://localhost/hub?id=1",
      headers: {},
      credentials: "same-origin",
      signal,
      record: (act) => recording(act ?? `poll ${++began}`),
      send(): WirePoll {
        const own = recording(`poll ${++began}`);
        const answer = new Promise<Response>((resolve, reject) => {
          requests.push({ answer: resolve, fail: reject });
          signal?.addEventListener("abort", () => reject(signal.reason));
        });
        return { answer, recording: own, arrived: ({ status }) => own.responded(status) };
      },
    };
    return polls.serves ? polls.served(poll) : (polls.wired(poll, poll.send()) ?? Promise.reject());
  }

  return {
    polls,
    lines,
    requests,
    fetchPoll,
    textOf: async (poll: Promise<Response>) => (await poll).text(),
  };
}

test("while nothing is done a poll settles with its own request, with the very answer", async () => {
  const { fetchPoll, requests } = open();
  const asked = fetchPoll();
  const answer = new Response("from the server");
  requests[0]?.answer(answer);
  expect(await asked).toBe(answer);
  const failing = fetchPoll();
  requests[1]?.fail("broken");
  await expect(failing).rejects.toBe("broken");
});

test("what is delivered answers the poll that waits; its request's answer is the next poll's", async () => {
  const { polls, fetchPoll, requests, textOf } = open();
  const first = fetchPoll();
  polls.deliver("one;");
  polls.deliver("two;");
  expect(await textOf(first)).toBe("one;");
  expect(await textOf(fetchPoll())).toBe("two;");
  const third = fetchPoll();
  requests[0]?.answer(new Response("from the server"));
  expect(await textOf(third)).toBe("from the server");
  expect(requests).toHaveLength(1);
});

test("a poll that took a request over ends by its own signal, and the request is kept for the next", async () => {
  const { polls, fetchPoll, requests, textOf } = open();
  const first = fetchPoll();
  polls.deliver("one;");
  await first;
  const stop = new AbortController();
  const second = fetchPoll(stop.signal);
  stop.abort("given up");
  await expect(second).rejects.toBe("given up");
  requests[0]?.answer(new Response("kept"));
  expect(await textOf(fetchPoll())).toBe("kept");
});

test("a request that is given up by the signal of a poll that was answered long since is made anew", async () => {
  const { polls, fetchPoll, requests, textOf } = open();
  const stop = new AbortController();
  const first = fetchPoll(stop.signal);
  polls.deliver("one;");
  await first;
  const second = fetchPoll();
  stop.abort("too late");
  await expect.poll(() => requests.length).toBe(2);
  requests[1]?.answer(new Response("anew"));
  expect(await textOf(second)).toBe("anew");
});

test("when the server ends the connection, what is held comes before that", async () => {
  const { fetchPoll, requests, textOf } = open({ held: "held;" });
  const first = fetchPoll();
  requests[0]?.answer(new Response(null, { status: 204 }));
  expect(await textOf(first)).toBe("held;");
  expect((await fetchPoll()).status).toBe(204);
});

test("an event stream is never read in the page's place", async () => {
  const { fetchPoll, requests } = open({ isLooking: true });
  const asked = fetchPoll();
  const endless = new Response(new ReadableStream(), { headers: { "content-type": "text/event-stream" } });
  requests[0]?.answer(endless);
  expect(await asked).toBe(endless);
});

test("cut: the poll that waits fails in the network's own words, and each one after it; it is recorded once", async () => {
  const { polls, fetchPoll, lines } = open();
  const waiting = fetchPoll();
  polls.cut();
  await expect(waiting).rejects.toThrow("the network's own words");
  await expect(fetchPoll()).rejects.toThrow("the network's own words");
  expect(polls.isOpen).toBe(false);
  expect(lines).toEqual(["poll 1 failed cut"]);
});

test("cut between two polls: the next one fails", async () => {
  const { polls, fetchPoll, requests, lines } = open();
  const first = fetchPoll();
  requests[0]?.answer(new Response("whole"));
  await first;
  polls.cut();
  await expect(fetchPoll()).rejects.toThrow("the network's own words");
  expect(requests).toHaveLength(1);
  expect(lines).toEqual(["poll 1 responded 200", "poll 2 failed cut"]);
});

test("two polls at once are the platform's own affair", async () => {
  const { polls, fetchPoll } = open();
  void fetchPoll();
  expect(polls.serves).toBe(false);
  await expect(fetchPoll()).rejects.toBeUndefined();
});
