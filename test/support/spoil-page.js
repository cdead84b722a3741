/**
 * Runs in pages, as source text: a relay that asks nothing of the page's world after it has started, and what spoils
 * that world. Without imports, and without anything that it spoils.
 */

/** Takes the node of the page hook, keeps what comes, and says what it is told. */
window.startBareRelay = () => {
  const { apply } = Reflect;
  const { addEventListener: listen, dispatchEvent: dispatch } = EventTarget.prototype;
  const { CustomEvent: Custom, Event: Plain } = window;
  const detail = Object.getOwnPropertyDescriptor(CustomEvent.prototype, "detail").get;
  const offered = Object.getOwnPropertyDescriptor(MouseEvent.prototype, "relatedTarget").get;
  const { defineProperty } = Reflect;
  const said = [];
  let node;
  apply(listen, document, [
    "hubscope:node-offered",
    (event) => {
      if (node !== undefined) return;
      node = apply(offered, event, []);
      apply(listen, node, [
        "from-hook",
        (from) =>
          defineProperty(said, said.length, {
            __proto__: null,
            value: apply(detail, from, []),
            configurable: true,
            enumerable: true,
            writable: true,
          }),
      ]);
      apply(listen, node, ["waiting", () => apply(dispatch, node, [new Plain("pull")])]);
      apply(listen, node, ["heard", (event) => event.preventDefault()]);
      apply(dispatch, node, [new Plain("taken")]);
    },
  ]);
  window.bareRelay = {
    said,
    /** `text`: a message as JSON. */
    tell: (text) => apply(dispatch, node, [new Custom("from-relay", { __proto__: null, detail: text })]),
  };
};

/**
 * Replaces all functions and accessors of what a page can reach. `how`: "throws", "lies" (undefined), "agrees" (true) or
 * "counts". Returns what undoes it, and the names of what was asked while it was so.
 */
window.spoilPage = (how) => {
  const {
    apply,
    construct,
    defineProperty,
    deleteProperty,
    getOwnPropertyDescriptor,
    getPrototypeOf,
    ownKeys,
    setPrototypeOf,
  } = Reflect;
  const asked = [];
  const note = (name) =>
    defineProperty(asked, asked.length, {
      __proto__: null,
      value: name,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  const kept = [];
  const NativeProxy = Proxy;
  const NativeError = Error;
  const text = String;

  function standIn(native, name) {
    const around = (does) => {
      note(name);
      if (how === "throws") throw new NativeError(`spoilt: ${name}`);
      if (how === "lies") return undefined;
      if (how === "agrees") return true;
      return does();
    };
    return new NativeProxy(native, {
      __proto__: null,
      apply: (target, self, args) => around(() => apply(target, self, args)),
      construct: (target, args, to) => {
        note(`new ${name}`);
        if (how !== "counts") throw new NativeError(`spoilt: new ${name}`);
        return construct(target, args, to);
      },
    });
  }

  function spoil(owner, of) {
    const keys = ownKeys(owner);
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at];
      const descriptor = getOwnPropertyDescriptor(owner, key);
      if (!descriptor.configurable || key === "constructor") continue;
      const name = `${of}.${text(key)}`;
      if (typeof descriptor.value === "function")
        kept[kept.length] = [
          owner,
          key,
          descriptor,
          { ...descriptor, value: standIn(descriptor.value, name) },
        ];
      else if (descriptor.get !== undefined)
        kept[kept.length] = [owner, key, descriptor, { ...descriptor, get: standIn(descriptor.get, name) }];
    }
  }

  const typed = getPrototypeOf(Uint8Array.prototype);
  const classes = [
    Object,
    Array,
    Map,
    Set,
    WeakMap,
    WeakSet,
    String,
    RegExp,
    Number,
    Promise,
    ArrayBuffer,
    DataView,
    TextEncoder,
    TextDecoder,
    EventTarget,
    Event,
    MessageEvent,
    CloseEvent,
    CustomEvent,
    WebSocket,
    EventSource,
    Blob,
    URL,
    Error,
    DOMException,
    Headers,
    Request,
    Response,
    ReadableStream,
    URLSearchParams,
    FormData,
    Function,
    Symbol,
  ];
  for (let at = 0; at < classes.length; at++) {
    spoil(classes[at].prototype, `${classes[at].name}.prototype`);
    spoil(classes[at], classes[at].name);
  }
  spoil(typed, "TypedArray");
  spoil(getPrototypeOf([][Symbol.iterator]()), "ArrayIterator");
  spoil(getPrototypeOf(new Map().keys()), "MapIterator");
  spoil(getPrototypeOf(""[Symbol.iterator]()), "StringIterator");
  spoil(getPrototypeOf(getPrototypeOf([][Symbol.iterator]())), "Iterator");
  spoil(Reflect, "Reflect");
  spoil(JSON, "JSON");
  spoil(Math, "Math");
  spoil(Performance.prototype, "Performance");
  const globals = [
    "setTimeout",
    "clearTimeout",
    "queueMicrotask",
    "atob",
    "btoa",
    "fetch",
    "structuredClone",
    "encodeURIComponent",
    "decodeURIComponent",
    "parseInt",
    "isNaN",
    "Uint8Array",
    "ArrayBuffer",
    "Blob",
    "MessageEvent",
    "CloseEvent",
    "Event",
    "CustomEvent",
    "URL",
    "Map",
    "Set",
    "WeakMap",
    "Error",
    "TypeError",
    "RangeError",
    "String",
    "Number",
    "Array",
    "Object",
    "Promise",
    "Symbol",
    "TextDecoder",
    "TextEncoder",
    "JSON",
    "Math",
    "Reflect",
    "DOMException",
    "RegExp",
    "Proxy",
  ];
  for (let at = 0; at < globals.length; at++) {
    const name = globals[at];
    const descriptor = getOwnPropertyDescriptor(window, name);
    if (typeof descriptor.value === "function")
      kept[kept.length] = [
        window,
        name,
        descriptor,
        { ...descriptor, value: standIn(descriptor.value, name) },
      ];
    else
      kept[kept.length] = [
        window,
        name,
        descriptor,
        { ...descriptor, value: how === "counts" ? descriptor.value : undefined },
      ];
  }

  const names = [
    "record",
    "target",
    "targets",
    "carriers",
    "cancel",
    "send",
    "post",
    "delay",
    "act",
    "isRefused",
    "type",
    "kind",
    "data",
    "refusal",
    "share",
    "isDue",
    "how",
    "fault",
    "headers",
    "body",
    "error",
    "protocols",
    "get",
    "set",
    "writable",
    "origin",
    "bubbles",
  ];
  const polluted = [];
  for (let at = 0; at < names.length; at++) {
    const name = names[at];
    if (name in Object.prototype) continue;
    const value = () => {
      note(`Object.prototype.${name}`);
      if (how === "throws") throw new NativeError(`spoilt: ${name}`);
      return how === "counts" ? undefined : how === "agrees" ? true : 7;
    };
    polluted[polluted.length] = [
      Object.prototype,
      name,
      { __proto__: null, configurable: true, get: value, set: value },
    ];
  }
  for (let at = 0; at < 40; at++) {
    const value = () => {
      note(`Array.prototype[${at}]`);
      if (how === "throws") throw new NativeError(`spoilt: ${at}`);
    };
    polluted[polluted.length] = [
      Array.prototype,
      `${at}`,
      { __proto__: null, configurable: true, get: value, set: value },
    ];
  }

  for (let at = 0; at < kept.length; at++) {
    const one = kept[at];
    setPrototypeOf(one[3], null);
    setPrototypeOf(one[2], null);
  }
  for (let at = 0; at < kept.length; at++) {
    const one = kept[at];
    defineProperty(one[0], one[1], one[3]);
  }
  for (let at = 0; at < polluted.length; at++) {
    const one = polluted[at];
    defineProperty(one[0], one[1], one[2]);
  }
  return {
    asked,
    restore() {
      for (let at = 0; at < polluted.length; at++) deleteProperty(polluted[at][0], polluted[at][1]);
      for (let at = 0; at < kept.length; at++) defineProperty(kept[at][0], kept[at][1], kept[at][2]);
    },
  };
};
