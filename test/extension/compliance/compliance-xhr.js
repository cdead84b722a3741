// XMLHttpRequest, of an answer that a hook records and of one that it does not. See compliance.js.
(() => {
  const { check, measure, next, thrown, shape } = window.compliance;
  const TYPES = ["readystatechange", "loadstart", "abort", "error", "timeout", "load", "loadend"];
  let lastKey = 0;

  /** Every event of an object once it changes, with what the object says then. */
  const watch = (xhr) => {
    const seen = [];
    for (const type of TYPES) {
      xhr.addEventListener(type, (event) => {
        const now = `${type} ${xhr.readyState} ${xhr.status} ${event.isTrusted} ${event.constructor.name}`;
        if (seen.at(-1) !== now) seen.push(now);
      });
    }
    return seen;
  };
  const describe = (xhr) => [
    xhr.readyState,
    xhr.status,
    xhr.statusText,
    xhr.responseType,
    xhr.responseURL.replace(/^http:\/\/[^/]*/, ""),
    xhr.timeout,
    xhr.withCredentials,
    thrown(() => xhr.responseText),
    thrown(() => xhr.responseXML),
    xhr.getAllResponseHeaders().replace(/^(date|last-modified).*\r\n/gm, ""),
    xhr.getResponseHeader("Content-Type"),
  ];

  check("XMLHttpRequest: functions", () =>
    Object.getOwnPropertyNames(XMLHttpRequest.prototype)
      .sort()
      .map((name) => {
        const { value } = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, name);
        return typeof value === "function" && name !== "constructor"
          ? [name, value.name, value.length, shape(value)]
          : name;
      }),
  );
  check("XMLHttpRequest: what it refuses", () => {
    const { prototype } = XMLHttpRequest;
    const xhr = new XMLHttpRequest();
    return [
      thrown(() => XMLHttpRequest()).split(":")[0],
      ["open", "send", "abort", "setRequestHeader", "getResponseHeader"].map((name) =>
        thrown(() => prototype[name].call({})),
      ),
      thrown(() => xhr.send()),
      thrown(() => xhr.setRequestHeader("a", "b")),
      thrown(() => xhr.open("GET")),
      thrown(() => xhr.open("G T", "/")),
      thrown(() => xhr.open("TRACE", "/")),
      thrown(() => xhr.open("GET", "http://[")),
      xhr.readyState,
      thrown(() => xhr.open("GET", "/x", false)),
      thrown(() => {
        xhr.timeout = 5;
      }),
      thrown(() => {
        xhr.responseType = "json";
      }),
      thrown(() => xhr.setRequestHeader("a b", "c")),
      thrown(() => xhr.setRequestHeader("a", "\n")),
      thrown(() => xhr.setRequestHeader("a")),
      xhr.abort(),
      xhr.readyState,
    ];
  });
  check("XMLHttpRequest: a network error of a synchronous request", () => {
    const xhr = new XMLHttpRequest();
    xhr.open("GET", "/cut/negotiate", false);
    const seen = watch(xhr);
    return [thrown(() => xhr.send()).replace(/http:\S+/, "URL"), seen, xhr.readyState, xhr.status];
  });

  for (const [kind, id] of [
    ["known", "t"],
    ["other", "nobody"],
  ]) {
    const at = (path, query = "") => `${path}?id=${id}${query === "" ? "" : `&${query}`}`;
    const it = (name, run) => check(`XMLHttpRequest, ${kind}: ${name}`, run);
    const open = (path, method = "GET") => {
      const xhr = new XMLHttpRequest();
      xhr.open(method, path);
      return xhr;
    };

    for (const type of ["", "text", "json", "arraybuffer", "blob", "document"]) {
      it(`responseType "${type}"`, async () => {
        const xhr = open(at("/body"), "POST");
        const seen = watch(xhr);
        xhr.responseType = type;
        xhr.send("x=1");
        await next(xhr, "loadend");
        const { response } = xhr;
        const shown =
          response instanceof Blob
            ? await response.text()
            : response instanceof ArrayBuffer
              ? new TextDecoder().decode(response)
              : response;
        return [
          [...new Set(seen)],
          describe(xhr),
          shown?.documentElement ? "document" : shown,
          response === xhr.response,
        ];
      });
    }
    it("text that comes in pieces", async () => {
      const xhr = open(at("/stream", "chunks=4&every=80"));
      const lengths = [];
      xhr.onprogress = ({ loaded, lengthComputable }) =>
        lengths.push([loaded === xhr.responseText.length, lengthComputable]);
      xhr.send();
      await next(xhr, "loadend");
      return [lengths.length > 1, [...new Set(lengths.map(String))], xhr.responseText];
    });
    it("an event stream", async () => {
      const xhr = open(at("/events"));
      xhr.setRequestHeader("Accept", "text/event-stream");
      xhr.setRequestHeader("accept", "text/plain");
      xhr.send();
      await next(xhr, "loadend");
      return describe(xhr);
    });
    it("synchronous", () => {
      const xhr = new XMLHttpRequest();
      const seen = watch(xhr);
      xhr.open("POST", at("/body"), false);
      xhr.send("sync");
      return [seen, describe(xhr), xhr.responseText];
    });
    it("cut off", async () => {
      const xhr = open(at("/stream", "chunks=2&cut"));
      const seen = watch(xhr);
      xhr.send();
      await next(xhr, "loadend");
      return [[...new Set(seen)], describe(xhr)];
    });
    it("timed out", async () => {
      const xhr = open(at("/stream", "chunks=1&open"));
      const seen = watch(xhr);
      xhr.timeout = 600;
      xhr.send();
      await next(xhr, "loadend");
      return [[...new Set(seen)], describe(xhr)];
    });
    for (const state of [1, 2, 3, 4]) {
      it(`aborted at readyState ${state}`, async () => {
        const xhr = open(at("/stream", `chunks=2&every=20${state < 4 ? "&open" : ""}`));
        const seen = watch(xhr);
        if (state > 1) {
          const reached = new Promise((resolve) => {
            xhr.addEventListener("readystatechange", () => {
              if (xhr.readyState === state) resolve();
            });
          });
          xhr.send();
          await reached;
        } else xhr.send();
        xhr.abort();
        await new Promise((resolve) => setTimeout(resolve, 50));
        return [[...new Set(seen)], xhr.readyState, xhr.status, xhr.responseText];
      });
      it(`opened anew at readyState ${state}`, async () => {
        const xhr = open(at("/stream", `chunks=2&every=20${state < 4 ? "&open" : ""}`));
        const seen = watch(xhr);
        let isAnew = false;
        const anew = new Promise((resolve) => {
          const again = () => {
            if (xhr.readyState !== state || isAnew) return;
            isAnew = true;
            xhr.open("POST", at("/body"));
            xhr.send("anew");
            xhr.addEventListener("loadend", resolve);
          };
          xhr.addEventListener("readystatechange", again);
          xhr.send();
          again();
        });
        await anew;
        // How often it says that it loads is the network's, and Chromium may keep a piece of what it loaded before.
        const told = [...new Set(seen)].filter((now) => !now.startsWith("readystatechange 3"));
        return [told, xhr.status, /"text":"anew"}$/.test(xhr.responseText)];
      });
    }
    it("opened anew by a listener of its own end, again and again", async () => {
      const xhr = new XMLHttpRequest();
      const answers = [];
      await new Promise((resolve) => {
        xhr.onreadystatechange = () => {
          if (xhr.readyState !== 4) return;
          answers.push(JSON.parse(xhr.responseText).text);
          if (answers.length === 3) return resolve();
          xhr.open("POST", at("/body"));
          xhr.send(`${answers.length}`);
        };
        xhr.open("POST", at("/body"));
        xhr.send("0");
      });
      return answers;
    });
    it("send twice, headers after send", async () => {
      const xhr = open(at("/body"), "POST");
      xhr.send("once");
      const refused = [
        thrown(() => xhr.send("twice")),
        thrown(() => xhr.setRequestHeader("x-a", "b")),
        thrown(() => {
          xhr.withCredentials = true;
        }),
      ];
      await next(xhr, "loadend");
      return [refused, thrown(() => xhr.send("late")), xhr.responseText];
    });
    it("listeners: handleEvent, once, signal, twice, on…", async () => {
      const xhr = open(at("/body"), "POST");
      const seen = [];
      const twice = () => seen.push("twice");
      const aborted = new AbortController();
      xhr.onload = () => seen.push("onload");
      xhr.addEventListener("load", { handleEvent: ({ type }) => seen.push(`object ${type}`) });
      xhr.addEventListener("load", () => seen.push("once"), { once: true });
      xhr.addEventListener("load", () => seen.push("aborted"), { signal: aborted.signal });
      xhr.addEventListener("load", twice);
      xhr.addEventListener("load", twice);
      xhr.addEventListener("load", (event) => {
        seen.push("stops");
        event.stopImmediatePropagation();
      });
      xhr.addEventListener("load", () => seen.push("stopped"));
      aborted.abort();
      for (const body of ["1", "2"]) {
        xhr.send(body);
        await next(xhr, "loadend");
        xhr.open("POST", at("/body"));
      }
      return seen;
    });
    it("upload events", async () => {
      const xhr = open(at("/body"), "POST");
      const seen = [];
      for (const type of ["loadstart", "load", "loadend"]) {
        xhr.upload.addEventListener(type, ({ loaded, total }) => seen.push([type, loaded, total]));
      }
      xhr.send("twelve bytes");
      await next(xhr, "loadend");
      return seen;
    });
    it("a subclass and another prototype", async () => {
      class Sub extends XMLHttpRequest {
        own = 1;
        send(body) {
          super.send(`sub ${body}`);
        }
      }
      const xhr = new Sub();
      xhr.open("POST", at("/body"));
      xhr.send("x");
      await next(xhr, "loadend");
      return [
        JSON.parse(xhr.responseText).text,
        xhr.own,
        xhr instanceof XMLHttpRequest,
        xhr.constructor === Sub,
        shape(xhr),
      ];
    });
    it("what is converted", async () => {
      const conversions = [];
      const say = (name, value) => ({
        toString() {
          conversions.push(name);
          return value;
        },
      });
      const xhr = new XMLHttpRequest();
      xhr.open(say("method", "POST"), say("url", at("/body")), true, say("user", "u"), say("password", "p"));
      xhr.setRequestHeader(say("name", "x-a"), say("value", "v"));
      xhr.send(say("body", "object"));
      await next(xhr, "loadend");
      return [conversions, JSON.parse(xhr.responseText).text];
    });
    it("a document as a body", async () => {
      const xhr = open(at("/body"), "POST");
      xhr.send(new DOMParser().parseFromString("<p>x</p>", "application/xml"));
      await next(xhr, "loadend");
      return JSON.parse(xhr.responseText);
    });
    it("overrideMimeType and credentials", async () => {
      const xhr = open(at("/stream", "chunks=1"));
      xhr.overrideMimeType("text/plain; charset=utf-16");
      xhr.withCredentials = true;
      xhr.send();
      await next(xhr, "loadend");
      return [xhr.responseText.length, xhr.withCredentials];
    });
    it("a URL object, and one with user and password", async () => {
      const seen = [];
      for (const url of [new URL(at("/body"), location.href), at("/body")]) {
        const xhr = new XMLHttpRequest();
        xhr.open("post", url, true, null, undefined);
        xhr.send("x");
        await next(xhr, "loadend");
        seen.push(JSON.parse(xhr.responseText).method);
      }
      return seen;
    });
    it("the server sees the end: abort", async () => {
      const times = [];
      for (let run = 0; run < 3; run++) {
        const key = `xhr-${kind}-${++lastKey}`;
        const xhr = open(at("/stream", `chunks=1&open&ticks&key=${key}`));
        xhr.send();
        await next(xhr, "progress");
        const from = Date.now();
        xhr.abort();
        times.push((await (await fetch(`/ended?key=${key}`)).json()) - from);
      }
      measure(`ms until the server sees the end: ${kind}, XMLHttpRequest`, times.sort((a, b) => a - b)[1]);
      return times.length;
    });
  }
})();
