// fetch, Response and the streams of answers: of an answer that a hook records, of one that it does not, and of streams
// that come from no network at all. See compliance.js.
(() => {
  const { check, measure, thrown, rejected, shape } = window.compliance;
  const text = (value) => (value === undefined ? undefined : new TextDecoder().decode(value));
  const microtasks = async (count = 20) => {
    for (let at = 0; at < count; at++) await undefined;
  };
  const settled = (promise) =>
    promise.then(
      (value) => ["resolved", value === undefined ? "undefined" : typeof value],
      (error) => ["rejected", error?.name ?? String(error), error?.message ?? ""],
    );
  const readOn = async (reader) => {
    while (!(await reader.read()).done);
  };
  /** Firefox never settles the promise of some cancelled streams. */
  const soon = (promise) =>
    Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 500, "pending"))]);
  let lastKey = 0;

  const prepare = async () => {
    // The token that the answer names makes every address with `id=t` one of SignalR's.
    await (await fetch("/hub/negotiate?negotiateVersion=1", { method: "POST" })).text();
  };
  const collect = async (reader, buffer) => {
    let seen = "";
    const read = () => (buffer === undefined ? reader.read() : reader.read(new Uint8Array(buffer)));
    for (let chunk = await read(); !chunk.done; chunk = await read()) seen += text(chunk.value);
    return seen;
  };

  check("prepare: negotiate", prepare);
  check("members of what streams are read with", () => {
    const stream = new ReadableStream();
    const iterator = ReadableStream.prototype.values?.call(stream);
    const prototype = iterator && Object.getPrototypeOf(iterator);
    return [
      iterator && shape(prototype),
      iterator && shape(Object.getPrototypeOf(prototype)),
      iterator && [
        prototype.next.name,
        prototype.next.length,
        prototype.return.name,
        prototype.return.length,
      ],
      ReadableStream.prototype.values === ReadableStream.prototype[Symbol.asyncIterator],
      ["getReader", "cancel", "tee", "pipeTo", "pipeThrough", "values"].map((name) => {
        const fn = ReadableStream.prototype[name];
        return [fn.name, fn.length, typeof fn, "prototype" in fn, shape(fn)];
      }),
      ["read", "cancel", "releaseLock"].map((name) => {
        const fns = [ReadableStreamDefaultReader.prototype[name], ReadableStreamBYOBReader.prototype[name]];
        return fns.map((fn) => [fn.name, fn.length, shape(fn)]);
      }),
    ];
  });
  check("the accessor of a body", () => {
    const { get, set, ...rest } = Object.getOwnPropertyDescriptor(Response.prototype, "body");
    return [
      get.name,
      get.length,
      shape(get),
      set,
      rest,
      thrown(() => get.call({})),
      thrown(() => Response.prototype.body),
    ];
  });
  check("Response as a constructor", () => {
    class Sub extends Response {
      own = 1;
      text() {
        return super.text();
      }
    }
    const sub = new Sub("x", { status: 201 });
    return [
      thrown(() => Response("x")).split(":")[0],
      thrown(() => new Response("x", { status: 99 })),
      thrown(() => new Response("x", { status: 204 })),
      thrown(() => new Response(Symbol("x"))),
      [sub instanceof Sub, sub instanceof Response, sub.constructor === Sub, sub.own, sub.status],
      [
        Response.error().type,
        Response.redirect("/x", 302).status,
        Response.json({ a: 1 }).headers.get("content-type"),
      ],
      Response.json([]) instanceof Response,
      Reflect.construct(Response, ["x"], Object) instanceof Response,
      new Response().body,
      Object.prototype.toString.call(new Response("x")),
      shape(new Response("x")),
      Response.prototype.constructor === Response,
      Object.getPrototypeOf(Sub) === Response,
    ];
  });
  check("Response of another frame's stream, and of none", async () => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const foreign = new frame.contentWindow.Response("foreign");
    const result = [await Response.prototype.text.call(foreign), foreign instanceof Response];
    frame.remove();
    return result;
  });
  check("streams of the page's own making", async () => {
    const log = [];
    const make = () => {
      let at = 0;
      return new ReadableStream(
        {
          pull(controller) {
            log.push(`pull ${++at}`);
            if (at > 3) controller.close();
            else controller.enqueue(at);
          },
          cancel(reason) {
            log.push(`cancel ${reason}`);
          },
        },
        { highWaterMark: 0 },
      );
    };
    const [one, other] = make().tee();
    const seen = [];
    for (const stream of [make(), one, other]) {
      const reader = stream.getReader();
      for (let read = await reader.read(); !read.done; read = await reader.read()) seen.push(read.value);
    }
    await make().pipeTo(new WritableStream({ write: (value) => void seen.push(`piped ${value}`) }));
    await make().cancel("why");
    const through = make().pipeThrough(new TransformStream()).getReader();
    seen.push((await through.read()).value);
    await through.cancel("through");
    return [seen, log];
  });

  for (const [kind, id] of [
    ["known", "t"],
    ["other", "nobody"],
  ]) {
    const at = (path, query = "") => `${path}?id=${id}${query === "" ? "" : `&${query}`}`;
    // A browser has six connections for a host, and Firefox keeps that of a cancelled stream until more of it comes.
    let left = [];
    const stream = (query, init) => {
      const key = /key=([^&]*)/.exec(query)?.[1] ?? `left-${kind}-${++lastKey}`;
      left.push(key);
      return fetch(at("/stream", query.includes("key=") ? query : `${query}&key=${key}`), init);
    };
    const it = (name, run) =>
      check(`fetch, ${kind}: ${name}`, async () => {
        try {
          return await Promise.race([
            run(),
            new Promise((resolve) => setTimeout(resolve, 15_000, "took 15 s")),
          ]);
        } finally {
          const keys = left;
          left = [];
          if (keys.length > 0) await (await fetch(`/stop?key=${keys.join("&key=")}`)).text();
        }
      });

    const ways = {
      text: (response) => response.text(),
      arrayBuffer: async (response) => text(await response.arrayBuffer()),
      blob: async (response) => {
        const blob = await response.blob();
        return [blob.type, await blob.text()];
      },
      bytes: async (response) => response.bytes && text(await response.bytes()),
      json: async (response) => rejected(response.json()),
      formData: async (response) => rejected(response.formData()),
      reader: (response) => collect(response.body.getReader()),
      "reader of bytes": (response) => collect(response.body.getReader({ mode: "byob" }), 5),
      "for await": async (response) => {
        let seen = "";
        for await (const chunk of response.body) seen += text(chunk);
        return seen;
      },
      "values, kept": async (response) => {
        let seen = "";
        for await (const chunk of response.body.values({ preventCancel: true })) {
          seen += text(chunk);
          break;
        }
        return seen + (await collect(response.body.getReader()));
      },
      "next by hand": async (response) => {
        const values = response.body.values();
        let seen = "";
        for (let item = await values.next(); !item.done; item = await values.next()) seen += text(item.value);
        return [seen, await values.next(), await values.return("x"), typeof values.throw];
      },
      pipeTo: async (response) => {
        let seen = "";
        const done = response.body.pipeTo(
          new WritableStream({
            write: (chunk) => {
              seen += text(chunk);
            },
          }),
        );
        const during = response.body.locked;
        return [await done, seen, during, response.body.locked];
      },
      pipeThrough: async (response) => {
        const through = new TextDecoderStream();
        const readable = response.body.pipeThrough(through);
        let seen = "";
        for (const reader = readable.getReader(); ; ) {
          const { done, value } = await reader.read();
          if (done) return [seen, readable === through.readable];
          seen += value;
        }
      },
      tee: async (response) => {
        const [one, other] = response.body.tee();
        return [await collect(other.getReader()), await collect(one.getReader()), response.body.locked];
      },
      clone: async (response) => {
        const copy = response.clone();
        return [
          await copy.text(),
          await response.text(),
          copy instanceof Response,
          copy.url === response.url,
        ];
      },
      "clone of a clone": async (response) => {
        const copies = [response.clone()];
        copies.push(copies[0].clone());
        return Promise.all([response, ...copies].map((one) => one.text()));
      },
      "a Response around it": async (response) => {
        const own = new Response(response.body, { status: 201 });
        return [own.body === response.body, await own.text(), own.bodyUsed, response.bodyUsed, own.url];
      },
      "a Request around it": async (response) =>
        thrown(() => new Request("/x", { method: "POST", body: response.body })).split(":")[0],
      "a copy by transfer": async (response) => {
        const { body } = response;
        const moved = structuredClone(body, { transfer: [body] });
        return [await collect(moved.getReader()), body.locked];
      },
    };
    for (const [way, read] of Object.entries(ways)) {
      it(`read by ${way}`, async () => {
        const response = await stream("chunks=3&every=5");
        const before = [response.bodyUsed, response.body?.locked];
        const reading = read(response);
        await microtasks();
        const result = await reading;
        return [before, result, response.bodyUsed, response.type, response.ok, response.redirected];
      });
      it(`cut off while read by ${way}`, async () => {
        const response = await stream("chunks=2&every=5&cut");
        return settled(read(response));
      });
      it(`read twice, the second time by ${way}`, async () => {
        const response = await stream("chunks=1&every=0");
        await response.text();
        return settled(Promise.resolve().then(() => read(response)));
      });
      it(`locked, then read by ${way}`, async () => {
        const response = await stream("chunks=1&every=0");
        const reader = response.body.getReader();
        const refused = await settled(Promise.resolve().then(() => read(response)));
        return [refused, await collect(reader)];
      });
      it(`aborted while read by ${way}`, async () => {
        const aborted = new AbortController();
        const response = await stream("chunks=1&open", { signal: aborted.signal });
        const reading = settled(Promise.resolve().then(() => read(response)));
        setTimeout(() => aborted.abort(), 60);
        return reading;
      });
    }

    /** What settles first: the promise, or what the page does in the next microtasks. */
    const race = async (promise, ticks = 4) => {
      const order = [];
      const noted = (name) => () => void order.push(name);
      const all = [promise.then(noted("resolved"), noted("rejected"))];
      let tick = Promise.resolve();
      for (let at = 1; at <= ticks; at++) tick = tick.then(noted(at));
      await Promise.all([...all, tick]);
      return order;
    };
    for (const way of ["text", "arrayBuffer", "blob", "bytes", "formData", "json"]) {
      it(`aborted, then ${way}() is refused at once`, async () => {
        const aborted = new AbortController();
        const response = await stream("chunks=1&open", { signal: aborted.signal });
        aborted.abort();
        return response[way] === undefined ? "none here" : race(response[way]());
      });
    }
    it("aborted before it is made, it is refused at once", () =>
      race(stream("chunks=1&open", { signal: AbortSignal.abort() })));
    it("aborted, what its stream is asked for is refused at once", async () => {
      const orders = [];
      for (const read of [
        (body) => body.getReader().read(),
        (body) => body.values?.().next() ?? Promise.resolve(),
        (body) => body.pipeTo(new WritableStream()),
      ]) {
        const aborted = new AbortController();
        const { body } = await stream("chunks=1&open", { signal: aborted.signal });
        aborted.abort();
        await microtasks();
        orders.push(await race(read(body), 12));
      }
      return orders;
    });

    it("promises and what they bring", async () => {
      const asked = stream("chunks=1&every=0");
      const response = await asked;
      const { body } = response;
      const reader = body.getReader();
      const read = reader.read();
      const result = await read;
      const closed = reader.closed;
      await collect(reader);
      return [
        [asked, read, closed].map((promise) => promise.constructor === Promise && shape(promise)),
        Object.prototype.toString.call(reader),
        shape(reader),
        shape(result),
        Object.getPrototypeOf(result) === Object.prototype,
        Object.prototype.toString.call(result.value),
        result.value.constructor === Uint8Array,
        reader.closed === closed,
        await closed,
        body === response.body,
        body instanceof ReadableStream,
        shape(body),
        shape(response),
      ];
    });
    it("chunks are the page's own", async () => {
      const reader = (await stream("chunks=1&every=0")).body.getReader();
      const { value } = await reader.read();
      const size = value.byteLength;
      structuredClone(value.buffer, { transfer: [value.buffer] });
      return [size, value.byteLength];
    });
    it("a buffer of the page's is used", async () => {
      const reader = (await stream("chunks=1&every=0")).body.getReader({ mode: "byob" });
      const view = new Uint8Array(new ArrayBuffer(100), 10, 50);
      const { value, done } = await reader.read(view);
      return [done, value.byteOffset, value.buffer.byteLength, view.byteLength, text(value)];
    });
    it("what readers and streams refuse", async () => {
      const { body } = await stream("chunks=1&open");
      const reader = body.getReader();
      const sink = () => new WritableStream();
      const result = [
        thrown(() => body.getReader()),
        thrown(() => body.getReader({ mode: "byob" })),
        thrown(() => body.getReader({ mode: "none" })),
        thrown(() => body.tee()),
        thrown(() => body.pipeThrough(new TransformStream())),
        thrown(() => body.pipeThrough({})),
        thrown(() => body.pipeThrough()),
        thrown(() => body.values?.()),
        await rejected(body.cancel()),
        await rejected(body.pipeTo(sink())),
        await rejected(body.pipeTo({})),
        await rejected(body.pipeTo(sink(), { signal: {} })),
        await rejected(Promise.resolve().then(() => ReadableStreamDefaultReader.prototype.read.call({}))),
        await rejected(Promise.resolve().then(() => ReadableStream.prototype.cancel.call({}))),
        thrown(() => ReadableStream.prototype.getReader.call({})),
        thrown(() => ReadableStream.prototype.tee.call({})),
        thrown(() => reader.releaseLock()),
        await rejected(reader.read()),
        await rejected(reader.cancel()),
        await rejected(reader.closed),
        thrown(() => reader.releaseLock()),
      ];
      const bytes = body.getReader({ mode: "byob" });
      result.push(
        await rejected(bytes.read()),
        await rejected(bytes.read(new Uint8Array(0))),
        await rejected(bytes.read({})),
      );
      bytes.releaseLock();
      result.push(
        thrown(() => body.pipeThrough({ readable: 1, writable: 2 })),
        thrown(() => body.pipeThrough(new TransformStream(), { signal: 1 })),
        body.locked,
      );
      const last = body.getReader();
      result.push(text((await last.read()).value));
      await last.cancel();
      return result;
    });
    it("a read that is let go", async () => {
      const { body } = await stream("chunks=1&open");
      const first = body.getReader();
      await first.read();
      const pending = settled(first.read());
      first.releaseLock();
      const refused = await pending;
      const second = body.getReader();
      const cancelled = await soon(second.cancel());
      return [refused, cancelled, body.locked, await soon(settled(second.read()))];
    });
    it("options with accessors are read as natively", async () => {
      const reads = [];
      const options = (names) =>
        Object.defineProperties(
          {},
          Object.fromEntries(
            names.map((name) => [name, { enumerable: true, get: () => void reads.push(name) }]),
          ),
        );
      const { body } = await stream("chunks=1&every=0");
      body.getReader(options(["mode"])).releaseLock();
      body.values?.(options(["preventCancel"])).return();
      const again = (await stream("chunks=1&every=0")).body;
      await again.pipeTo(
        new WritableStream(),
        options(["signal", "preventAbort", "preventCancel", "preventClose"]),
      );
      return reads;
    });
    it("pipes with the page's options", async () => {
      const seen = [];
      const sink = (name) =>
        new WritableStream({
          write: () => {},
          close: () => void seen.push(`${name} closed`),
          abort: (reason) => void seen.push(`${name} aborted ${reason?.name ?? reason}`),
        });
      await (await stream("chunks=1&every=0")).body.pipeTo(sink("kept"), { preventClose: true });
      await (await stream("chunks=1&every=0")).body.pipeTo(sink("ended"));
      const broken = new WritableStream({ write: () => Promise.reject(new Error("sink")) });
      const { body } = await stream("chunks=2&open");
      seen.push(await rejected(body.pipeTo(broken, { preventCancel: true })), body.locked);
      seen.push(await soon(body.cancel()));
      const other = (await stream("chunks=1&every=5&cut")).body;
      seen.push(await rejected(other.pipeTo(sink("cut"))));
      const unread = (await stream("chunks=1&every=5&cut")).body;
      seen.push(await rejected(unread.pipeTo(sink("spared"), { preventAbort: true })));
      const aborted = new AbortController();
      const third = (await stream("chunks=1&open")).body;
      const piped = rejected(third.pipeTo(sink("signal"), { signal: aborted.signal }));
      setTimeout(() => aborted.abort("why"), 50);
      return [await piped, third.locked, seen];
    });
    it("unhandled rejections of reads", async () => {
      const seen = [];
      const listener = (event) => {
        seen.push(event.reason.name);
        event.preventDefault();
      };
      window.addEventListener("unhandledrejection", listener);
      const aborted = new AbortController();
      const responses = [];
      for (let count = 0; count < 4; count++)
        responses.push(await stream("chunks=1&open&ticks", { signal: aborted.signal }));
      void responses[0].text();
      const reader = responses[1].body.getReader();
      void readOn(reader);
      responses[2].body.getReader();
      const handled = rejected(responses[3].arrayBuffer());
      aborted.abort();
      await handled;
      await new Promise((resolve) => setTimeout(resolve, 100));
      window.removeEventListener("unhandledrejection", listener);
      return seen;
    });
    it("a reason of the page's reaches its reads", async () => {
      const reason = { mine: true };
      const aborted = new AbortController();
      const reader = (await stream("chunks=1&open&ticks", { signal: aborted.signal })).body.getReader();
      const read = readOn(reader).catch((error) => error === reason);
      const closed = reader.closed.catch((error) => error === reason);
      aborted.abort(reason);
      return [await read, await closed];
    });
    it("cancelling tells the page what it would", async () => {
      const { body } = await stream("chunks=1&open&ticks");
      const reader = body.getReader();
      await reader.read();
      const cancelled = settled(reader.cancel("reason"));
      return [await cancelled, await settled(reader.read()), await settled(reader.closed), body.locked];
    });
    for (const status of [204, 500]) {
      it(`status ${status}`, async () => {
        const response = await fetch(at(`/status/${status}`));
        return [
          response.status,
          response.ok,
          response.body === null,
          await response.text(),
          response.bodyUsed,
        ];
      });
    }
    it("HEAD", async () => {
      const response = await fetch(at("/stream"), { method: "HEAD" });
      return [response.status, response.body === null, await response.text()];
    });
    it("the microtasks of an answer that is there", async () => {
      const reader = (await stream("chunks=1&every=0")).body.getReader();
      await reader.read();
      await reader.read();
      const seen = [];
      const read = reader.read().then(({ done }) => seen.push(`read ${done}`));
      reader.closed.then(() => seen.push("closed"));
      await read;
      await microtasks();
      return seen.sort();
    });

    const bodies = {
      "no body": () => undefined,
      null: () => null,
      text: () => '{"protocol":"json","version":1}\u001e',
      "a number": () => 5,
      "an object": () => ({ toString: () => "object" }),
      "a buffer": () => new Uint8Array([1, 2, 3]).buffer,
      "a view": () => new Uint16Array(new Uint8Array([9, 8, 7, 6, 5, 4]).buffer, 2, 1),
      "a DataView": () => new DataView(new Uint8Array([1, 2, 3]).buffer, 1),
      "a blob": () => new Blob(["blob"], { type: "text/x" }),
      "a form": () => {
        const form = new FormData();
        form.append("data", "value");
        form.append("file", new Blob(["x"]), "x.txt");
        return form;
      },
      "search parameters": () => new URLSearchParams({ data: '{"H":"hub"}', other: "ü +" }),
    };
    for (const [name, make] of Object.entries(bodies)) {
      it(`sends ${name}`, async () => (await fetch(at("/body"), { method: "POST", body: make() })).json());
      it(`sends ${name} in a Request`, async () => {
        const request = new Request(at("/body"), { method: "POST", body: make(), headers: { "x-y": "z" } });
        const before = request.bodyUsed;
        const answer = await (await fetch(request)).json();
        return [before, request.bodyUsed, answer, await settled(request.text())];
      });
      it(`sends ${name} by XMLHttpRequest`, async () => {
        const xhr = new XMLHttpRequest();
        xhr.open("POST", at("/body"));
        xhr.responseType = "json";
        const ended = new Promise((resolve) => xhr.addEventListener("loadend", resolve));
        xhr.send(make());
        await ended;
        return xhr.response;
      });
    }
    it("a body and its buffer may be reused at once", async () => {
      const view = new Uint8Array([65, 65]);
      const sent = fetch(at("/body"), { method: "POST", body: view });
      view.fill(66);
      structuredClone(view.buffer, { transfer: [view.buffer] });
      return (await sent).json();
    });
    it("a body is converted once", async () => {
      const conversions = [];
      const object = {
        toString() {
          conversions.push("body");
          return "x";
        },
      };
      const init = {
        method: "POST",
        headers: {
          get accept() {
            conversions.push("accept");
            return "text/event-stream";
          },
        },
        get body() {
          conversions.push("init.body");
          return object;
        },
      };
      return [await (await fetch(at("/body"), init)).json(), conversions];
    });
    it("a GET for an event stream that is none", async () => {
      const response = await fetch(at("/stream"), { headers: { Accept: "text/event-stream" } });
      return [response.headers.get("content-type"), await response.text()];
    });
    it("an event stream over fetch", async () => {
      const response = await fetch(at("/events"), { headers: new Headers({ accept: "text/event-stream" }) });
      return collect(response.body.getReader());
    });

    // How soon the server sees that the page wants no more, and how much it may send before.

    const stops = {
      "reader.cancel": async ({ body }) => {
        const reader = body.getReader();
        await reader.read();
        return () => reader.cancel();
      },
      "body.cancel":
        async ({ body }) =>
        () =>
          body.cancel(),
      "break in for await": async ({ body }) => {
        const values = body.values();
        await values.next();
        return () => values.return();
      },
      abort: async ({ body }, aborted) => {
        await body.getReader().read();
        return () => aborted.abort();
      },
      "abort while reading all of it": async (response, aborted) => {
        void response.text().catch(() => {});
        return () => aborted.abort();
      },
      "abort of a pipe": async ({ body }) => {
        const aborted = new AbortController();
        void body.pipeTo(new WritableStream(), { signal: aborted.signal }).catch(() => {});
        return () => aborted.abort();
      },
      "cancel behind a pipe": async ({ body }) => {
        const reader = body.pipeThrough(new TransformStream()).getReader();
        await reader.read();
        return () => reader.cancel();
      },
      "both branches cancelled": async ({ body }) => {
        const [one, other] = body.tee();
        return () => Promise.all([one.cancel(), other.cancel()]);
      },
      "clone and body cancelled": async (response) => {
        const copy = response.clone();
        return () => Promise.all([response.body.cancel(), copy.body.cancel()]);
      },
    };
    for (const [name, prepareStop] of Object.entries(stops)) {
      it(`the server sees the end: ${name}`, async () => {
        const times = [];
        for (let run = 0; run < 3; run++) {
          const aborted = new AbortController();
          const key = `${kind}-${++lastKey}`;
          const response = await stream(`chunks=1&open&ticks&key=${key}`, { signal: aborted.signal });
          const stop = await prepareStop(response, aborted);
          const from = Date.now();
          await stop();
          const ended = await (await fetch(`/ended?key=${key}`)).json();
          times.push(ended - from);
        }
        measure(`ms until the server sees the end: ${kind}, ${name}`, times.sort((a, b) => a - b)[1]);
        // How soon is measured: Chromium itself is late now and then.
        return times.length;
      });
    }
    const slowly = {
      "one read": async ({ body }) => {
        const reader = body.getReader();
        await reader.read();
        return () => reader.cancel();
      },
      "one step of for await": async ({ body }) => {
        const values = body.values();
        await values.next();
        return () => values.return();
      },
      "a sink that takes one chunk": async ({ body }) => {
        const aborted = new AbortController();
        void body
          .pipeTo(new WritableStream({ write: () => new Promise(() => {}) }), { signal: aborted.signal })
          .catch(() => {});
        return () => body;
      },
      nothing:
        async ({ body }) =>
        () =>
          body.cancel(),
    };
    for (const [name, take] of Object.entries(slowly)) {
      it(`the server is held back after ${name}`, async () => {
        const key = `${kind}-${++lastKey}`;
        const aborted = new AbortController();
        const response = await fetch(at("/firehose", `key=${key}`), { signal: aborted.signal });
        await take(response);
        await new Promise((resolve) => setTimeout(resolve, 400));
        const taken = async () => (await fetch(`/taken?key=${key}`)).json();
        const first = await taken();
        aborted.abort();
        // Firefox takes all of it, whatever the page does.
        measure(`KiB taken before the page reads on: ${kind}, ${name}`, Math.round(first / 1024));
        return first > 0;
      });
    }
  }
})();
