// Runs in a page, with and without the hook: whatever differs between the two is a way to notice us. Results are
// plain data without times, ports or anything else that differs by itself.
(() => {
  const results = [];
  const checks = [];
  const check = (name, run) => checks.push({ name, run });

  const HANDSHAKE = '{"protocol":"json","version":1}\u001e';
  const echo = (query = "") => `ws://${location.host}/echo${query}`;
  const opened = async (socket) => {
    if (socket.readyState === 0) await new Promise((resolve) => socket.addEventListener("open", resolve));
    return socket;
  };
  const next = (target, type) =>
    new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
  const thrown = (action) => {
    try {
      return `no error: ${String(action())}`;
    } catch (error) {
      return `${error.constructor.name} ${error.name}: ${error.message}`;
    }
  };
  const rejected = async (promise) => {
    try {
      return `no error: ${String(await promise)}`;
    } catch (error) {
      return `${error.constructor.name} ${error.name}: ${error.message}`;
    }
  };
  const shape = (object) =>
    Reflect.ownKeys(object)
      .map(String)
      .sort()
      .map((key) => {
        const descriptor = Object.getOwnPropertyDescriptor(object, key);
        if (descriptor === undefined) return key;
        const { configurable, enumerable, writable } = descriptor;
        const kind = "value" in descriptor ? typeof descriptor.value : "accessor";
        return `${key} ${kind} ${configurable} ${enumerable} ${writable}`;
      });
  const bytes = async (data) => {
    if (typeof data === "string") return `text ${data}`;
    const buffer = data instanceof Blob ? await data.arrayBuffer() : data;
    return `${data.constructor.name} ${[...new Uint8Array(buffer)].join(" ")}`;
  };

  // Shapes

  check("window.WebSocket's descriptor", () => {
    const { value: _value, ...rest } = Object.getOwnPropertyDescriptor(window, "WebSocket");
    return rest;
  });
  check("window.fetch's descriptor", () => {
    const { value: _value, ...rest } = Object.getOwnPropertyDescriptor(window, "fetch");
    return rest;
  });
  for (const owner of [
    "WebSocket",
    "EventSource",
    "Response",
    "Request",
    "Headers",
    "FormData",
    "URL",
    "URLSearchParams",
    "AbortController",
    "AbortSignal",
    "ReadableStream",
    "ReadableStreamDefaultReader",
    "ReadableStreamBYOBReader",
    "ReadableStreamDefaultController",
    "WritableStream",
    "TransformStream",
    "XMLHttpRequest",
    "XMLHttpRequestEventTarget",
    "XMLHttpRequestUpload",
    "EventTarget",
    "Event",
    "MessageEvent",
    "CloseEvent",
    "ProgressEvent",
    "Promise",
    "Blob",
    "MutationObserver",
    "Document",
    "Node",
    "HTMLIFrameElement",
  ]) {
    check(`${owner}: static members`, () => shape(window[owner]));
    check(`${owner}: members of the prototype`, () => shape(window[owner].prototype));
    check(`${owner}: name and length`, () => [window[owner].name, window[owner].length]);
    check(`${owner}: the prototype leads back to it`, () => [
      window[owner].prototype.constructor === window[owner],
      Object.getPrototypeOf(window[owner]).name,
    ]);
  }
  check("functions that are replaced keep name, length and keys", () =>
    [
      WebSocket.prototype.send,
      WebSocket.prototype.close,
      Response.prototype.text,
      Response.prototype.json,
      Response.prototype.arrayBuffer,
      Response.prototype.blob,
      Response.prototype.clone,
      XMLHttpRequest.prototype.open,
      XMLHttpRequest.prototype.send,
      fetch,
    ].map((fn) => [fn.name, fn.length, shape(fn), typeof fn, "prototype" in fn]),
  );
  check("functions that are replaced cannot be constructed", () =>
    [WebSocket.prototype.send, fetch, Response.prototype.text].map(
      (Fn) => thrown(() => new Fn()).split(":")[0],
    ),
  );
  check("nothing new among the window's names", () => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const pristine = new Set(Reflect.ownKeys(frame.contentWindow).map(String));
    const added = Reflect.ownKeys(window)
      .map(String)
      .filter((name) => !pristine.has(name));
    frame.remove();
    // Indices of frames and what this script itself defines.
    return added
      .filter((name) => !/^\d+$/.test(name) && !["runCompliance", "compliance"].includes(name))
      .sort();
  });
  check("nothing new in the document", () => [
    document.documentElement.attributes.length,
    document.documentElement.childElementCount,
    document.scripts.length,
    document.querySelectorAll("i").length,
  ]);

  // Construction and errors

  check("without new", () => thrown(() => WebSocket(echo())));
  check("without arguments", () => thrown(() => new WebSocket()));
  check("a bad address", () => thrown(() => new WebSocket("not a url:")));
  check("a scheme that is none", () => thrown(() => new WebSocket("mailto:someone@example.com")));
  check("a fragment", () => thrown(() => new WebSocket(`${echo()}#fragment`)).replace(/\d{4,}/g, "PORT"));
  check("the same protocol twice", () => thrown(() => new WebSocket(echo(), ["a", "a"])));
  check("a protocol that is no token", () => thrown(() => new WebSocket(echo(), "a b")));
  check("send while connecting", () => {
    const socket = new WebSocket(echo());
    const result = thrown(() => socket.send("early"));
    socket.close();
    return result;
  });
  check("send on something else", () => thrown(() => WebSocket.prototype.send.call({}, "x")));
  check("send without arguments", async () => {
    const socket = await opened(new WebSocket(echo()));
    const result = thrown(() => socket.send());
    socket.close();
    return result;
  });
  check("close with a forbidden code", () => thrown(() => new WebSocket(echo()).close(1001)));
  check("url is converted once", () => {
    let conversions = 0;
    const socket = new WebSocket({
      toString() {
        conversions++;
        return echo();
      },
    });
    socket.close();
    return conversions;
  });
  check("what is sent is converted once", async () => {
    const socket = await opened(new WebSocket(echo()));
    let conversions = 0;
    socket.send({
      toString() {
        conversions++;
        return "converted";
      },
    });
    const { data } = await next(socket, "message");
    socket.close();
    return [conversions, data];
  });
  check("protocols are read as natively", async () => {
    const reads = [];
    const socket = new WebSocket(echo(), {
      *[Symbol.iterator]() {
        reads.push("iterated");
        yield "one";
      },
    });
    await opened(socket);
    const { protocol } = socket;
    socket.close();
    return [reads, protocol];
  });
  check("an error in a listener reaches window.onerror once", async () => {
    const seen = [];
    const listener = (event) => {
      seen.push(event.message.replace(/^Uncaught /, ""));
      event.preventDefault();
    };
    window.addEventListener("error", listener);
    const socket = await opened(new WebSocket(echo()));
    socket.onmessage = () => {
      throw new Error("of the page");
    };
    socket.send("x");
    await next(socket, "message");
    await new Promise((resolve) => setTimeout(resolve));
    window.removeEventListener("error", listener);
    socket.close();
    return seen;
  });

  // Identity

  check("identity of a socket", () => {
    const socket = new WebSocket(echo());
    const result = [
      socket instanceof WebSocket,
      socket instanceof EventTarget,
      socket.constructor === WebSocket,
      Object.getPrototypeOf(socket) === WebSocket.prototype,
      Object.prototype.toString.call(socket),
      shape(socket),
      socket.binaryType,
      socket.bufferedAmount,
      socket.extensions,
      [socket.onopen, socket.onmessage, socket.onerror, socket.onclose],
      [socket.CONNECTING, WebSocket.OPEN, socket.CLOSING, WebSocket.CLOSED],
    ];
    socket.close();
    return result;
  });
  check("a subclass", async () => {
    class Sub extends WebSocket {
      field = "own";
      constructor(url) {
        super(url);
        this.target = new.target === Sub;
      }
      send(data) {
        super.send(`sub ${data}`);
      }
    }
    const socket = await opened(new Sub(echo()));
    socket.send("x");
    const { data } = await next(socket, "message");
    const result = [
      data,
      socket.field,
      socket.target,
      socket instanceof Sub,
      socket instanceof WebSocket,
      socket.constructor === Sub,
      Object.getPrototypeOf(Sub) === WebSocket,
    ];
    socket.close();
    return result;
  });
  check("Reflect.construct with another new.target", () => {
    function Other() {}
    Other.prototype = Object.create(WebSocket.prototype);
    const socket = Reflect.construct(WebSocket, [echo()], Other);
    const result = [Object.getPrototypeOf(socket) === Other.prototype, socket instanceof WebSocket];
    WebSocket.prototype.close.call(socket);
    return result;
  });
  check("the constructor of another frame", async () => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const foreign = frame.contentWindow;
    const socket = await opened(new foreign.WebSocket(echo()));
    WebSocket.prototype.send.call(socket, "across");
    const { data } = await next(socket, "message");
    const result = [data, socket instanceof WebSocket, socket instanceof foreign.WebSocket];
    socket.close();
    frame.remove();
    return result;
  });
  check("a page may replace WebSocket and put it back", () => {
    const native = window.WebSocket;
    window.WebSocket = class Replaced {};
    const replaced = window.WebSocket.name;
    window.WebSocket = native;
    return [replaced, window.WebSocket === native];
  });

  // Traffic, on sockets that speak SignalR and on sockets that do not

  for (const [kind, first] of [
    ["SignalR", HANDSHAKE],
    ["other", "hello"],
  ]) {
    const start = async (query) => {
      const socket = await opened(new WebSocket(echo(query)));
      socket.send(first);
      await next(socket, "message");
      return socket;
    };

    check(`${kind}: order of events and listeners`, async () => {
      const seen = [];
      const socket = new WebSocket(echo());
      for (const type of ["open", "message", "close", "error"]) {
        socket[`on${type}`] = () => seen.push(`on${type} ${socket.readyState}`);
        socket.addEventListener(type, () => seen.push(`first ${type}`));
        socket.addEventListener(type, { handleEvent: (event) => seen.push(`object ${event.type}`) });
        socket.addEventListener(type, () => seen.push(`capture ${type}`), true);
      }
      await opened(socket);
      queueMicrotask(() => seen.push("microtask"));
      socket.send(first);
      await next(socket, "message");
      socket.close(4000, "done");
      await next(socket, "close");
      return seen;
    });
    check(`${kind}: once, signal and duplicates`, async () => {
      const socket = await start();
      const seen = [];
      const twice = () => seen.push("duplicate");
      const aborted = new AbortController();
      socket.addEventListener("message", () => seen.push("once"), { once: true });
      socket.addEventListener("message", () => seen.push("aborted"), { signal: aborted.signal });
      socket.addEventListener("message", twice);
      socket.addEventListener("message", twice);
      aborted.abort();
      for (const text of ["1", "2"]) {
        socket.send(text);
        await next(socket, "message");
      }
      socket.removeEventListener("message", twice);
      socket.send("3");
      await next(socket, "message");
      socket.close();
      return seen;
    });
    check(`${kind}: stopImmediatePropagation of the page`, async () => {
      const socket = await start();
      const seen = [];
      socket.addEventListener("message", (event) => {
        seen.push("first");
        event.stopImmediatePropagation();
      });
      socket.addEventListener("message", () => seen.push("second"));
      socket.onmessage = () => seen.push("third");
      const done = new Promise((resolve) => socket.addEventListener("close", resolve));
      socket.send("x");
      socket.send("close 4001 bye");
      await done;
      return seen;
    });
    check(`${kind}: a message event`, async () => {
      const socket = await start();
      socket.send("data");
      const event = await next(socket, "message");
      const result = [
        event.data,
        event.isTrusted,
        event.origin.replace(/\d+$/, "PORT"),
        event.lastEventId,
        event.ports.length,
        event.source,
        event.cancelable,
        event.bubbles,
        event.target === socket,
        event.eventPhase,
        shape(event),
      ];
      socket.close();
      return result;
    });
    check(`${kind}: close by the server`, async () => {
      const socket = await start();
      socket.send("close 4001 bye");
      const { code, reason, wasClean, isTrusted } = await next(socket, "close");
      return [code, reason, wasClean, isTrusted, socket.readyState];
    });
    check(`${kind}: cut by the server`, async () => {
      const socket = await start();
      socket.send("cut");
      const seen = [];
      socket.addEventListener("error", () => seen.push("error"));
      const { code, reason, wasClean } = await next(socket, "close");
      return [seen, code, reason, wasClean];
    });
    check(`${kind}: send after close is silent`, async () => {
      const socket = await start();
      socket.close();
      const results = [thrown(() => socket.send("closing")), socket.bufferedAmount];
      await next(socket, "close");
      return [...results, thrown(() => socket.send("closed")), socket.readyState];
    });
    for (const binaryType of ["blob", "arraybuffer"]) {
      check(`${kind}: binary as ${binaryType}`, async () => {
        const socket = await start();
        socket.binaryType = binaryType;
        const seen = [];
        const big = new Uint8Array([9, 8, 7, 6, 5, 4]);
        for (const data of [
          new Uint8Array([1, 2, 3]).buffer,
          big.subarray(2, 5),
          new DataView(big.buffer, 1, 2),
          new Blob([new Uint8Array([4, 5])]),
          new Uint8Array(0),
          new Blob([]),
        ]) {
          socket.send(data);
          seen.push(await bytes((await next(socket, "message")).data));
        }
        socket.close();
        return [socket.binaryType, seen];
      });
    }
    check(`${kind}: blobs arrive in order with text`, async () => {
      const socket = await start();
      const seen = [];
      const all = new Promise((resolve) => {
        socket.addEventListener("message", ({ data }) => {
          seen.push(typeof data === "string" ? data : data.size);
          if (seen.length === 4) resolve();
        });
      });
      socket.send(new Blob(["x".repeat(200_000)]));
      socket.send("a");
      socket.send(new Blob(["y"]));
      socket.send("b");
      await all;
      socket.close();
      return seen;
    });
    check(`${kind}: a buffer may be reused and transferred at once`, async () => {
      const socket = await start();
      socket.binaryType = "arraybuffer";
      const view = new Uint8Array([1, 1, 1]);
      socket.send(view);
      view.fill(2);
      structuredClone(view.buffer, { transfer: [view.buffer] });
      const { data } = await next(socket, "message");
      const result = [await bytes(data), view.byteLength];
      socket.close();
      return result;
    });
    check(`${kind}: a received buffer is the page's own`, async () => {
      const socket = await start();
      socket.binaryType = "arraybuffer";
      socket.send(new Uint8Array([1, 2]));
      const event = await next(socket, "message");
      const { data } = event;
      structuredClone(data, { transfer: [data] });
      const result = [data.byteLength, data === event.data];
      socket.close();
      return result;
    });
    check(`${kind}: bufferedAmount`, async () => {
      const socket = await start();
      socket.send("x".repeat(1000));
      const { bufferedAmount } = socket;
      socket.close();
      return bufferedAmount;
    });
    check(`${kind}: one megabyte each way`, async () => {
      const socket = await start();
      socket.send("m".repeat(1_000_000));
      const { data } = await next(socket, "message");
      socket.close();
      return data.length;
    });
    check(`${kind}: an event of the page's own making`, async () => {
      const socket = await start();
      const seen = [];
      socket.addEventListener("message", ({ data, isTrusted }) => seen.push([data, isTrusted]));
      const result = socket.dispatchEvent(new MessageEvent("message", { data: "made" }));
      socket.close();
      return [seen, result];
    });
  }
  check("a refused connection", async () => {
    const socket = new WebSocket(`ws://${location.host}/refused`);
    const seen = [];
    socket.addEventListener("error", (event) =>
      seen.push(["error", event.constructor.name, event.isTrusted]),
    );
    const { code, reason, wasClean } = await next(socket, "close");
    return [seen, code, reason, wasClean];
  });
  check("a sub-protocol", async () => {
    const socket = await opened(new WebSocket(echo(), ["one", "two"]));
    const { protocol } = socket;
    socket.close();
    return protocol;
  });

  // fetch and XMLHttpRequest, on negotiate requests and on others

  for (const path of ["/hub/negotiate", "/hub/other"]) {
    const post = (init) => fetch(path, { method: "POST", ...init });
    for (const read of ["text", "json", "arrayBuffer", "blob"]) {
      check(`${path}: ${read}()`, async () => {
        const promise = post();
        const response = await promise;
        const reading = response[read]();
        const body = await reading;
        return [
          promise.constructor === Promise,
          reading.constructor === Promise,
          response.constructor === Response,
          shape(response),
          response.status,
          response.bodyUsed,
          Object.prototype.toString.call(body),
          typeof body === "string" ? body : (body.byteLength ?? body.size ?? body),
          await rejected(response.text()),
        ];
      });
    }
    check(`${path}: clone`, async () => {
      const response = await post();
      const clone = response.clone();
      return [await response.text(), await clone.json(), thrown(() => response.clone()), shape(clone)];
    });
    check(`${path}: as a stream`, async () => {
      const response = await post();
      const reader = response.body.getReader();
      let size = 0;
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
        size += chunk.value.length;
      return [size, response.bodyUsed];
    });
    check(`${path}: aborted before and during`, async () => {
      const before = new AbortController();
      before.abort();
      const during = new AbortController();
      const pending = post({ signal: during.signal, headers: { "x-slow": "1" } });
      during.abort();
      return [await rejected(post({ signal: before.signal })), await rejected(pending)];
    });
    check(`${path}: aborted with a reason of the page's`, async () => {
      const reason = { mine: true };
      const aborted = new AbortController();
      const pending = post({ signal: aborted.signal, headers: { "x-slow": "1" } });
      aborted.abort(reason);
      return pending.then(
        () => "resolved",
        (error) => error === reason,
      );
    });
    check(`${path}: a URL, a Request and an object`, async () => {
      let conversions = 0;
      const object = {
        toString() {
          conversions++;
          return path;
        },
      };
      const urls = [new URL(path, location.href), new Request(path, { method: "POST" }), object];
      const seen = [];
      for (const url of urls)
        seen.push((await fetch(url, url instanceof Request ? undefined : { method: "POST" })).status);
      return [seen, conversions];
    });
    check(`${path}: an init with an accessor is read as natively`, async () => {
      const reads = [];
      const init = {
        get method() {
          reads.push("method");
          return "POST";
        },
      };
      const { status } = await fetch(path, init);
      return [reads, status];
    });
    check(`${path}: XMLHttpRequest`, async () => {
      const seen = [];
      const xhr = new XMLHttpRequest();
      for (const type of ["readystatechange", "loadstart", "progress", "load", "loadend"]) {
        xhr.addEventListener(type, () => seen.push(`${type} ${xhr.readyState}`));
      }
      xhr.open("POST", path);
      xhr.onloadend = () => seen.push("onloadend");
      xhr.send();
      await next(xhr, "loadend");
      const first = [...new Set(seen)];
      xhr.open("POST", path);
      xhr.responseType = "json";
      xhr.send("{}");
      await next(xhr, "loadend");
      return [first, xhr.status, xhr.response, shape(xhr), thrown(() => xhr.responseText)];
    });
    check(`${path}: XMLHttpRequest as bytes, synchronous, aborted`, async () => {
      const buffer = new XMLHttpRequest();
      buffer.open("POST", path);
      buffer.responseType = "arraybuffer";
      buffer.send();
      await next(buffer, "loadend");
      const blocking = new XMLHttpRequest();
      blocking.open("POST", path, false);
      blocking.send();
      const aborted = new XMLHttpRequest();
      const seen = [];
      aborted.open("POST", path);
      aborted.setRequestHeader("x-slow", "1");
      for (const type of ["abort", "error", "load", "loadend"])
        aborted.addEventListener(type, () => seen.push(type));
      aborted.send();
      aborted.abort();
      return [buffer.response.byteLength, blocking.responseText, seen, aborted.status, aborted.readyState];
    });
    check(`${path}: XMLHttpRequest errors`, () => {
      const xhr = new XMLHttpRequest();
      return [
        thrown(() => xhr.send()),
        thrown(() => xhr.open("BAD METHOD", path)),
        thrown(() => xhr.open("CONNECT", path)),
        thrown(() => XMLHttpRequest.prototype.open.call({}, "GET", "/")),
        thrown(() => xhr.open()),
      ];
    });
  }
  check("a negotiate that fails rejects once, and unhandled as natively", async () => {
    const unhandled = [];
    const listener = (event) => {
      unhandled.push(event.reason.name);
      event.preventDefault();
    };
    window.addEventListener("unhandledrejection", listener);
    void fetch("/cut/negotiate", { method: "POST" });
    const handled = await rejected(fetch("/cut/negotiate", { method: "POST" }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    window.removeEventListener("unhandledrejection", listener);
    return [handled, unhandled];
  });
  check("fetch of a bad address and on something else", async () => [
    await rejected(fetch("http://[/negotiate", { method: "POST" })),
    await rejected(Promise.resolve().then(() => fetch())),
    await rejected(Promise.resolve().then(() => fetch.call({}, "/hub/negotiate"))),
    await rejected(Promise.resolve().then(() => Response.prototype.text.call({}))),
  ]);

  // Other scripts add theirs. What is measured differs by itself, so it is compared by whoever reads it.
  const measures = [];
  const measure = (name, value) => measures.push({ name, value });
  window.compliance = { check, measure, measures, results, opened, next, thrown, rejected, shape, bytes };

  window.runCompliance = async () => {
    for (const { name, run } of checks) {
      let value;
      try {
        value = await Promise.race([
          run(),
          new Promise((_, reject) => setTimeout(() => reject(new Error("took 10 s")), 10_000)),
        ]);
        // Undefined and the order of an object's names would be lost, or tell nothing.
        value = JSON.parse(
          JSON.stringify({ value }, (_key, item) => (item === undefined ? "undefined" : item)),
        ).value;
      } catch (error) {
        value = `failed: ${error}`;
      }
      results.push({ name, value });
    }
    return results;
  };
})();
