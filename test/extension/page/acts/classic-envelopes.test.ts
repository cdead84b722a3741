import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PageFault } from "../../../../extension/channel/acts.ts";
import { createCarrier } from "../../../../extension/page/acts/carrier.ts";
import { createFaultBook } from "../../../../extension/page/acts/fault-book.ts";
import { createFakeClock } from "../../../support/fake-clock.ts";

/** A carrier of classic SignalR; `page` is what its client gets, `recorded` what the recording does. */
function open({ draws = [] as number[] } = {}) {
  const clock = createFakeClock();
  const strikes = new Map<string, number>();
  const book = createFaultBook({
    random: () => draws.shift() ?? 0,
    struck: (fault, count) => strikes.set(fault, count),
  });
  const page: string[] = [];
  const server: string[] = [];
  const recorded: string[] = [];
  const carrier = createCarrier(
    {
      id: "hook-1",
      isOpen: () => true,
      send: (data) => server.push(String(data)),
      post: undefined,
      deliver: (data) => page.push(String(data)),
      report: (direction, payload, act) =>
        recorded.push(`${act ?? "passed"} ${direction} ${payload.kind === "text" ? payload.text : "?"}`),
      isRecorded: () => true,
      left() {},
    },
    {
      book,
      act: {
        after(delay, action) {
          const timer = new AbortController();
          clock.after(delay, action, timer.signal);
          return () => timer.abort();
        },
      },
      natives: {
        bufferSize: (buffer) => buffer.byteLength,
        blobSize: (blob) => blob.size,
        readBlob: (blob) => blob.arrayBuffer(),
      },
    },
  );
  return {
    carrier,
    clock,
    page,
    server,
    recorded,
    strikes,
    break(...faults: readonly PageFault[]) {
      book.replace(faults);
      carrier.release();
    },
    arrive(text: string) {
      if (!carrier.takesMessage(text)) page.push(`native ${text}`);
    },
    say(text: string) {
      if (!carrier.takesSend(text)) server.push(`native ${text}`);
    },
  };
}

const fault = (facts: Partial<Extract<PageFault, { direction: string }>>): PageFault => ({
  id: "f",
  kind: "drop",
  direction: "in",
  share: 1,
  delay: 100,
  ...facts,
});
const call = (method: string) => `{"H":"Chat","M":"${method}","A":[]}`;
const ABC = `{"C":"d-1,2","G":"groups","M":[${call("a")},${call("b")},${call("c")}]}`;

describe("one message of an envelope", () => {
  test("is dropped by its hub.method; cursor, groups and the others go on in one event", () => {
    const { arrive, page, recorded, strikes, ...rest } = open();
    rest.break(fault({ target: "Chat.b" }));
    arrive(ABC);
    expect(page).toEqual([`{"C":"d-1,2","G":"groups","M":[${call("a")},${call("c")}]}`]);
    expect(recorded).toEqual([
      `passed in {"C":"d-1,2","G":"groups","M":[${call("a")}]}`,
      `dropped in {"M":[${call("b")}]}`,
      `passed in {"M":[${call("c")}]}`,
    ]);
    expect(strikes.get("f")).toBe(1);
  });

  test("that is not there leaves the envelope as it came", () => {
    const { arrive, page, recorded, ...rest } = open();
    rest.break(fault({ target: "Chat.d" }));
    arrive(ABC);
    expect({ page, recorded }).toEqual({ page: [`native ${ABC}`], recorded: [] });
  });

  test("is delayed, and comes without a cursor of its own: the client's stays the newest", async () => {
    const { arrive, page, clock, ...rest } = open();
    rest.break(fault({ kind: "delay", target: "Chat.a" }));
    arrive(ABC);
    await clock.advance(100);
    expect(page).toEqual([
      `{"C":"d-1,2","G":"groups","M":[${call("b")},${call("c")}]}`,
      `{"M":[${call("a")}]}`,
    ]);
  });

  test("is overtaken by the next, in its envelope or the one behind it", () => {
    const { arrive, page, ...rest } = open();
    rest.break(fault({ kind: "reorder", target: "Chat.b" }));
    arrive(ABC);
    arrive(`{"C":"d-1,3","M":[${call("b")}]}`);
    arrive('{"C":"d-1,4","M":[]}');
    arrive(`{"C":"d-1,5","M":[${call("d")}]}`);
    expect(page).toEqual([
      `{"C":"d-1,2","G":"groups","M":[${call("a")},${call("c")},${call("b")}]}`,
      '{"C":"d-1,3","M":[]}',
      'native {"C":"d-1,4","M":[]}',
      `{"C":"d-1,5","M":[${call("d")},${call("b")}]}`,
    ]);
  });

  test("has a share of its own", () => {
    const { arrive, page, ...rest } = open({ draws: [0.9, 0.1, 0.9] });
    rest.break(fault({ share: 0.5 }));
    arrive(ABC);
    expect(page).toEqual([`{"C":"d-1,2","G":"groups","M":[${call("a")},${call("c")}]}`]);
  });

  test("that is progress of a call of the page is met by what was called", () => {
    const { arrive, say, page, ...rest } = open();
    rest.break(fault({ target: "chat.Count" }));
    say('{"H":"chat","M":"Count","A":[],"I":7}');
    arrive(`{"C":"d-1","M":[{"I":"P|7","P":{"I":"7","D":1}},${call("a")}]}`);
    arrive('{"I":"7"}');
    expect(page).toEqual([`{"C":"d-1","M":[${call("a")}]}`]);
  });

  test("that is progress of a call of ours is recorded, and not the page's", () => {
    const { carrier, arrive, page, recorded } = open();
    carrier.send('{"H":"chat","M":"Count","A":[],"I":"hubscope-1"}', { takesAnswers: true });
    const progress = '{"I":"P|hubscope-1","P":{"I":"hubscope-1","D":1}}';
    arrive(`{"C":"d-1","M":[${progress},${call("a")}]}`);
    arrive('{"I":"hubscope-1"}');
    arrive(ABC);
    expect(page).toEqual([`{"C":"d-1","M":[${call("a")}]}`, `native ${ABC}`]);
    expect(recorded.slice(1)).toEqual([
      `passed in {"C":"d-1","M":[${progress},${call("a")}]}`,
      'passed in {"I":"hubscope-1"}',
    ]);
  });
});

describe("what goes with the messages", () => {
  test("is spared as a handshake is: a client that begins must hear of it", () => {
    const { arrive, page, ...rest } = open();
    rest.break(fault({}));
    arrive('{"C":"d-1","S":1,"M":[]}');
    arrive(ABC);
    arrive("{}");
    arrive('{"I":"0"}');
    expect(page).toEqual([
      'native {"C":"d-1","S":1,"M":[]}',
      '{"C":"d-1,2","G":"groups","M":[]}',
      "native {}",
    ]);
  });

  test("is held by silence, and comes first", () => {
    const { arrive, page, recorded, ...rest } = open();
    rest.break({ id: "s", kind: "silence" });
    arrive(ABC);
    arrive("{}");
    expect(page).toEqual([]);
    expect(recorded).toEqual([`delayed in ${ABC}`, "delayed in {}"]);
    rest.break();
    expect(page).toEqual([
      '{"C":"d-1,2","G":"groups","M":[]}',
      ...["a", "b", "c"].map((method) => `{"M":[${call(method)}]}`),
      "{}",
    ]);
  });
});

test("what looks like an envelope on its way to the server is the page's own, and met whole", () => {
  const { say, server, recorded, ...rest } = open();
  rest.break(fault({ direction: "out" }));
  say(ABC);
  expect(server).toEqual([]);
  expect(recorded).toEqual([`dropped out ${ABC}`]);
});

test("whatever is dropped, the client gets everything else once, in order, with the last cursor and the groups", () => {
  const drawn = fc.array(fc.boolean(), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(fc.nat(4), { maxLength: 6 }), drawn, (sizes, fates) => {
      const draws = fates.map((isDropped) => (isDropped ? 0.1 : 0.9));
      const { arrive, page, recorded, ...rest } = open({ draws: [...draws] });
      rest.break(fault({ share: 0.5 }));
      const sent: number[] = [];
      sizes.forEach((size, at) => {
        const items = Array.from({ length: size }, () => {
          sent.push(sent.length);
          return `{"H":"Chat","M":"m","A":[${sent.length - 1}]}`;
        });
        arrive(`{"C":"d-${at}","G":"g${at}","M":[${items.join(",")}]}`);
      });
      type Said = { C?: string; G?: string; M: { A: number[] }[] };
      const got = page.map((text) => JSON.parse(text.replace(/^native /, "")) as Said);
      // A draw that is not given drops.
      expect(got.flatMap(({ M: items }) => items.map(({ A: [number] }) => number))).toEqual(
        sent.filter((number) => fates[number] === false),
      );
      expect(got.map(({ C: cursor }) => cursor)).toEqual(sizes.map((_, at) => `d-${at}`));
      expect(got.map(({ G: groups }) => groups)).toEqual(sizes.map((_, at) => `g${at}`));
      const dropped = recorded
        .filter((line) => line.startsWith("dropped"))
        .flatMap((line) => (JSON.parse(line.slice(11)) as Said).M.map(({ A: [number] }) => number));
      expect(dropped).toEqual(sent.filter((number) => fates[number] !== false));
    }),
  );
});
