// EventSource, of a stream that a hook records and of one that it does not. See compliance.js.
(() => {
  const { check, measure, next, thrown, shape } = window.compliance;
  let lastKey = 0;

  check("EventSource: functions", () => [
    [EventSource.name, EventSource.length, shape(EventSource)],
    [
      EventSource.prototype.close.name,
      EventSource.prototype.close.length,
      shape(EventSource.prototype.close),
    ],
    Object.getPrototypeOf(EventSource) === EventTarget,
    Object.getPrototypeOf(EventSource.prototype) === EventTarget.prototype,
    [EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED],
    Object.getOwnPropertyDescriptor(window, "EventSource").enumerable,
  ]);
  check("EventSource: what it refuses", () => [
    thrown(() => EventSource("/events")),
    thrown(() => new EventSource()),
    thrown(() => new EventSource("http://[")),
    thrown(() => EventSource.prototype.close.call({})),
    thrown(() => EventSource.prototype.url),
    thrown(() => new EventSource("/events", 5)),
    thrown(() => new EventSource(Symbol("x"))),
  ]);

  for (const [kind, id] of [
    ["known", "t"],
    ["other", "nobody"],
  ]) {
    const at = (query = "") => `/events?id=${id}${query === "" ? "" : `&${query}`}`;
    const it = (name, run) => check(`EventSource, ${kind}: ${name}`, run);

    it("events in order", async () => {
      const seen = [];
      const source = new EventSource(at("open"));
      for (const type of ["open", "message", "error", "named", "empty"]) {
        source.addEventListener(type, (event) => {
          seen.push([
            type,
            event.data,
            event.lastEventId,
            source.readyState,
            event.constructor.name,
            event.isTrusted,
          ]);
        });
      }
      const done = new Promise((resolve) => {
        source.addEventListener("message", ({ lastEventId }) => {
          if (lastEventId !== "") resolve();
        });
      });
      await done;
      await new Promise((resolve) => setTimeout(resolve, 50));
      const { readyState } = source;
      source.close();
      return [seen, readyState, source.readyState];
    });
    it("identity", async () => {
      const source = new EventSource(at("open"));
      await next(source, "open");
      const other = new EventSource(at(), { withCredentials: true });
      other.close();
      const result = [
        source instanceof EventSource,
        source.constructor === EventSource,
        Object.prototype.toString.call(source),
        Object.getPrototypeOf(source) === EventSource.prototype,
        shape(source),
        source.url.replace(/^http:\/\/[^/]*/, ""),
        source.withCredentials,
        other.withCredentials,
        [source.onopen, source.onmessage, source.onerror],
        [source.CONNECTING, source.OPEN, source.CLOSED],
      ];
      source.close();
      return result;
    });
    it("a message event", async () => {
      const source = new EventSource(at("open"));
      const event = await next(source, "message");
      source.close();
      return [
        event.data,
        event.origin.replace(/\d+$/, "PORT"),
        event.lastEventId,
        event.source,
        event.ports.length,
        event.bubbles,
        event.cancelable,
        event.target === source,
        event.eventPhase,
        shape(event),
      ];
    });
    it("listeners: handleEvent, once, signal, twice, on…, stopped", async () => {
      const source = new EventSource(at("open"));
      const seen = [];
      const twice = () => seen.push("twice");
      const aborted = new AbortController();
      const done = new Promise((resolve) => {
        source.addEventListener("message", ({ lastEventId }) => lastEventId !== "" && resolve());
      });
      source.onmessage = () => seen.push("onmessage");
      source.addEventListener("message", { handleEvent: ({ type }) => seen.push(`object ${type}`) });
      source.addEventListener("message", () => seen.push("once"), { once: true });
      source.addEventListener("message", () => seen.push("aborted"), { signal: aborted.signal });
      source.addEventListener("message", twice);
      source.addEventListener("message", twice);
      source.addEventListener("message", (event) => event.stopImmediatePropagation());
      source.addEventListener("message", () => seen.push("stopped"));
      aborted.abort();
      await done;
      source.removeEventListener("message", twice);
      source.close();
      return seen;
    });
    it("it comes back with what it had", async () => {
      const source = new EventSource(at());
      const seen = [];
      const done = new Promise((resolve) => {
        source.onmessage = ({ data, lastEventId }) => {
          seen.push([data, lastEventId]);
          if (seen.filter((item) => typeof item === "object").length === 6) resolve();
        };
      });
      source.onopen = () => seen.push("open");
      source.onerror = () => seen.push(`error ${source.readyState}`);
      await done;
      source.close();
      return seen;
    });
    for (const query of [
      "status=204",
      "status=500",
      "type=text/plain",
      "type=text/event-stream;charset=utf-8",
    ]) {
      it(`an answer with ${query}`, async () => {
        const source = new EventSource(at(query));
        const seen = [];
        source.onopen = () => seen.push("open");
        const { type, data } = await Promise.race([next(source, "error"), next(source, "message")]);
        const { readyState } = source;
        source.close();
        return [seen, type, data, readyState];
      });
    }
    it("closed before it opens, and twice", async () => {
      const source = new EventSource(at("open"));
      const seen = [];
      for (const type of ["open", "message", "error"]) source.addEventListener(type, () => seen.push(type));
      const result = [source.readyState, source.close(), source.readyState, source.close()];
      await new Promise((resolve) => setTimeout(resolve, 80));
      return [result, seen];
    });
    it("closed by the listener of a message", async () => {
      const source = new EventSource(at("open"));
      const seen = [];
      source.onmessage = ({ data }) => {
        seen.push(data);
        source.close();
      };
      source.addEventListener("named", () => seen.push("named"));
      await next(source, "message");
      await new Promise((resolve) => setTimeout(resolve, 80));
      return [seen, source.readyState];
    });
    it("an event of the page's own making", () => {
      const source = new EventSource(at("open"));
      const seen = [];
      source.onmessage = ({ data, isTrusted }) => seen.push([data, isTrusted]);
      source.dispatchEvent(new MessageEvent("message", { data: "made" }));
      source.close();
      return seen;
    });
    it("a subclass, and another new.target", async () => {
      class Sub extends EventSource {
        own = new.target === Sub;
        close() {
          this.closed = true;
          super.close();
        }
      }
      const source = new Sub(at("open"));
      await next(source, "open");
      source.close();
      function Other() {}
      Other.prototype = Object.create(EventSource.prototype);
      const other = Reflect.construct(EventSource, [at("open")], Other);
      const result = [Object.getPrototypeOf(other) === Other.prototype];
      EventSource.prototype.close.call(other);
      return [source.own, source.closed, source instanceof EventSource, source.constructor === Sub, result];
    });
    it("what is converted", () => {
      const conversions = [];
      const source = new EventSource(
        {
          toString() {
            conversions.push("url");
            return at("open");
          },
        },
        {
          get withCredentials() {
            conversions.push("withCredentials");
            return true;
          },
        },
      );
      source.close();
      return [conversions, source.withCredentials];
    });
    it("of another frame", async () => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const foreign = frame.contentWindow;
      const source = new foreign.EventSource(at("open"));
      const { data } = await next(source, "message");
      EventSource.prototype.close.call(source);
      const result = [
        data,
        source.readyState,
        source instanceof EventSource,
        source instanceof foreign.EventSource,
      ];
      frame.remove();
      return result;
    });
    it("the server sees the end: close", async () => {
      const times = [];
      for (let run = 0; run < 3; run++) {
        const key = `source-${kind}-${++lastKey}`;
        const source = new EventSource(at(`open&key=${key}`));
        await next(source, "message");
        const from = Date.now();
        source.close();
        times.push((await (await fetch(`/ended?key=${key}`)).json()) - from);
      }
      measure(`ms until the server sees the end: ${kind}, EventSource`, times.sort((a, b) => a - b)[1]);
      return times.length;
    });
  }
})();
