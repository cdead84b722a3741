import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../core/src/session/model.ts";
import { describeConnection } from "../../../ui/inspector/connections/connection-list-model.ts";
import { createDetailModel } from "../../../ui/inspector/detail/detail-model.ts";
import { entryJson } from "../../../ui/inspector/detail/entry-json.ts";
import { createInspectorModel, type InspectorOptions } from "../../../ui/inspector/inspector-model.ts";
import { type KeyPress, pressInLog, pressShortcut } from "../../../ui/inspector/keys/shortcuts.ts";
import { entryRow, latencyText } from "../../../ui/inspector/log/entry-row.ts";
import { fakePlatform } from "../support/fake-platform.ts";
import { longSession } from "../support/long-session.ts";
import { START, tradingSession } from "../support/trading-session.ts";

function inspect(options: Partial<InspectorOptions> = {}) {
  const session = tradingSession();
  const platform = fakePlatform(START + 10_000);
  const model = createInspectorModel(session, { platform, ...options });
  model.log.resized(420);
  const entries = () => model.log.rows.numbers.flatMap((number) => session.entry(number) ?? []);
  const find = (type: string, target?: string) => {
    const entry = entries().find((one) => entryRow(one).type === type && entryRow(one).target === target);
    if (entry === undefined) throw new Error(`no ${type} ${target}`);
    return entry;
  };
  const texts = () => entries().map((one) => entryRow(one).type);
  return { session, platform, model, entries, find, texts };
}

const KEY: KeyPress = {
  key: "",
  ctrl: false,
  alt: false,
  shift: false,
  inText: false,
  hasTextSelected: false,
};

describe("connections", () => {
  test("each says its state, its means and its count", () => {
    const { model } = inspect();
    expect(
      model.connections.items.value.map(({ path, mark, detail, count }) => [path, mark, detail, count]),
    ).toEqual([
      ["/hubs/trading", "on", "WebSockets · MessagePack · 9.0 s", "19"],
      [
        "/hubs/alerts",
        "failed",
        "WebSockets · JSON · closed 1006: no close frame: the network or the process went away",
        "9",
      ],
      ["/hubs/admin", "failed", "negotiate 401: not authorised", "0"],
      ["/hubs/chat", "off", "WebSockets · JSON · closed 1000", "3"],
    ]);
  });

  test.for([
    [{ kind: "closed", code: 1006, reason: "", wasClean: false, act: "cut" }, "WebSockets · cut by Hubscope"],
    [{ kind: "ended", how: "stream-broken", act: "cut" }, "WebSockets · cut by Hubscope"],
    [
      { kind: "negotiate-failed", reason: "Failed to fetch", act: "refused" },
      "negotiate refused by Hubscope",
    ],
    [
      { kind: "closed", code: 4001, reason: "/hub?access_token=s3cret", wasClean: true },
      "WebSockets · closed 4001: /hub?access_token=•••",
    ],
  ] as const)(
    "what the user broke is not blamed on the network, and secrets are left out: %o",
    ([state, said]) => {
      const [connection] = tradingSession().connections;
      if (connection === undefined) throw new Error("The session has a connection.");
      const { protocol: _, ...others } = connection;
      expect(describeConnection({ ...others, state }, START, (url) => url).detail).toBe(said);
    },
  );

  test.for([
    [0, "token good for 1 min"],
    [1_999, "token good for 59.0 s"],
    [60_000, "token has run out"],
    [-5_000, "token good for 1 min"],
  ] as const)("one whose token has a lifetime says what is left of it after %i ms", ([after, said]) => {
    const [connection] = tradingSession().connections;
    if (connection === undefined) throw new Error("The session has a connection.");
    const authentication = { tokenLifetimeSeconds: 60, since: START };
    const state = { kind: "connected", since: START } as const;
    const { detail } = describeConnection(
      { ...connection, authentication, state },
      START + after,
      (url) => url,
    );
    // First where it has run out: the end of a line may be cut.
    const parts = detail.split(" · ");
    expect(parts.at(said === "token has run out" ? 0 : -1)).toBe(said);
    const closed = { kind: "closed", code: 1000, reason: "", wasClean: true } as const;
    expect(
      describeConnection({ ...connection, authentication, state: closed }, START, (url) => url).detail,
    ).not.toContain("token");
  });

  test("selecting one narrows the log to it and to what was lost", () => {
    const { model, session, texts } = inspect();
    model.connections.select(session.connections[2]?.id);
    expect(texts()).toEqual(["negotiate", "dropped"]);
  });

  test("the arrow keys walk through them", () => {
    const { model } = inspect();
    model.connections.press("ArrowDown");
    model.connections.press("ArrowDown");
    expect(model.connections.selected.value).toBe(model.connections.items.value[1]?.id);
    model.connections.press("Home");
    expect(model.connections.selected.value).toBeUndefined();
    expect(model.connections.press("x")).toBe(false);
  });

  test("one that was selected and is gone selects all", () => {
    const { model, session } = inspect();
    model.connections.select(session.connections[2]?.id);
    model.clear();
    expect(model.connections.selected.value).toBeUndefined();
    expect(model.connections.items.value.map(({ path }) => path)).toEqual(["/hubs/trading"]);
  });
});

describe("rows", () => {
  test("tokens are in no row and in no detail", () => {
    const { entries, model } = inspect();
    const shown = entries().map((entry) => {
      model.open(entry.number);
      const detail = model.detail.detail.value;
      const values = detail?.tree.lines.value.map(({ value }) =>
        JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}` : v)),
      );
      return entry.kind === "connection"
        ? `${JSON.stringify(entryRow(entry))}${values}${detail?.rawText?.().shown.value}`
        : JSON.stringify(entryRow(entry));
    });
    expect(shown.join("\n")).not.toMatch(/token-(?:trading|alerts|chat)|secret-token|abcdefghijklmnop/);
  });

  test("pings are hidden until they are asked for", () => {
    const { model, texts } = inspect();
    expect(texts()).not.toContain("ping");
    model.filter.togglePings();
    expect(texts().filter((type) => type === "ping")).toHaveLength(2);
  });

  test("an error is a word as well as a tone", () => {
    const { entries } = inspect();
    const errors = entries().filter((entry) => entry.kind === "message" && entry.isError);
    expect(errors).toHaveLength(3);
    for (const entry of errors) {
      const { tone, data } = entryRow(entry);
      expect([tone, data[0]?.text]).toEqual(["error", expect.stringMatching(/^(?:error|not decodable): $/)]);
    }
  });

  test("latency stands at the opening and at the completion; what waits is open, what broke is lost", () => {
    const { session, find } = inspect();
    const text = (type: string, target: string) => {
      const entry = find(type, target);
      return latencyText(
        entry,
        entry.kind === "message" && entry.invocation ? session.invocation(entry.invocation) : undefined,
      );
    };
    expect(text("invocation", "PlaceOrder")).toBe("64 ms");
    expect(text("completion", "PlaceOrder")).toBe("64 ms");
    expect(text("stream call", "Prices")).toBe("open");
    expect(text("stream item", "Prices")).toBe("");
    expect(text("invocation", "Say")).toBe("");
    expect(text("invocation", "Slow")).toBe("lost");
  });

  test("a close says its code in words", () => {
    const { entries } = inspect();
    expect(
      entries().flatMap((entry) => (entryRow(entry).type === "close" ? [entryRow(entry).note] : [])),
    ).toEqual([
      "1006, no close frame: the network or the process went away",
      undefined,
      "1000, normal closure",
    ]);
  });
});

describe("detail", () => {
  test("it names the message, its kind and its outcome", () => {
    const { model, find } = inspect();
    model.open(find("completion", "CancelOrder").number);
    expect(model.detail.detail.value).toMatchObject({
      title: "CancelOrder",
      subtitle: "completion 9 · error",
    });
    expect(model.detail.tabs.value.map(({ label }) => label)).toEqual(["Value", "Raw", "Hex", "Related 2"]);
  });

  test("the odd things about a record are sentences", () => {
    const { model, entries } = inspect();
    const both = entries().find(
      (entry) => entry.kind === "message" && entry.record.issues[0]?.code === "result-and-error",
    );
    model.open(both?.number ?? 0);
    expect(model.detail.detail.value?.issues.join()).toContain("the protocol forbids both");
  });

  test("related messages have their time in the invocation", () => {
    const { model, find } = inspect();
    model.open(find("completion", "PlaceOrder").number);
    const related = model.detail.detail.value?.related;
    expect(related?.title.value).toBe("Invocation 7, answered in 64 ms");
    expect(related?.summary.value.map(({ word, after, share }) => [word, after, share])).toEqual([
      ["invocation", "0 ms", 0],
      ["completion", "64 ms", 1],
    ]);
  });

  test("a stream that goes on says how many items it has had", () => {
    const { model, find } = inspect();
    model.open(find("stream call", "Prices").number);
    expect(model.detail.detail.value?.related?.title.value).toBe("Stream 8, 6 items, still open");
  });

  test("a connection event has a detail without the token", () => {
    const { model, find } = inspect();
    model.open(find("negotiate").number);
    const detail = model.detail.detail.value;
    expect(detail?.rawText?.().shown.value).toContain('"connectionToken":"•••"');
    expect(JSON.stringify(detail?.parts)).not.toContain("token-trading");
  });

  test("what was written anew has no bytes, no exact size, and says why", () => {
    const happening = {
      kind: "negotiate",
      exchange: "e",
      status: 200,
      transports: [],
      statefulReconnect: false,
      size: 1_200,
      duration: 2,
      body: '{"connectionId":"c"}',
    } as const;
    const looks = [{}, { isRewritten: true } as const].map((facts) => {
      const entry: LogEntry = {
        kind: "connection",
        number: 1,
        at: 0,
        connection: "",
        happening,
        isError: false,
        ...facts,
      };
      const shown = signal<LogEntry | undefined>(entry);
      const model = createDetailModel(tradingSession(), shown, signal(0));
      const { isRewritten, parts } = model.detail.value ?? {};
      const { isSizeAbout } = entryRow(entry);
      const size = parts?.find(({ key }) => key === "size");
      const copied = entryJson(entry, []);
      return [model.tabs.value.map(({ label }) => label), isRewritten, size?.label, isSizeAbout, copied];
    });
    expect(looks).toEqual([
      [["Value", "Raw", "Hex"], false, "size", undefined, expect.not.stringContaining("writtenAnew")],
      [["Value", "Text"], true, "size, about", true, expect.stringContaining('"writtenAnew": true')],
    ]);
  });

  test("a tab that the next entry does not have falls back to the value, and comes back", () => {
    const { model, find } = inspect();
    model.open(find("completion", "PlaceOrder").number);
    model.detail.choose("related");
    model.open(find("open").number);
    expect(model.detail.tab.value).toBe("value");
    model.open(find("completion", "PlaceOrder").number);
    expect(model.detail.tab.value).toBe("related");
  });
});

describe("keys", () => {
  const effects = { focusFilter: () => undefined, focusLog: () => undefined };

  test("j and k walk through an invocation", () => {
    const { model, find } = inspect();
    model.open(find("invocation", "PlaceOrder").number);
    pressShortcut(model, { ...KEY, key: "j" }, effects);
    expect(model.log.selected.value).toBe(find("completion", "PlaceOrder").number);
    pressShortcut(model, { ...KEY, key: "j" }, effects);
    expect(model.announcer.answer.value).toBe("No later message of this invocation.");
    pressShortcut(model, { ...KEY, key: "k" }, effects);
    expect(model.log.selected.value).toBe(find("invocation", "PlaceOrder").number);
  });

  test("the brackets walk through the errors", () => {
    const { model, session } = inspect();
    pressInLog(model, { ...KEY, key: "Home" });
    const seen: number[] = [];
    for (let step = 0; step < 9; step += 1) {
      pressShortcut(model, { ...KEY, key: "]" }, effects);
      seen.push(model.log.selected.value ?? 0);
    }
    expect([...new Set(seen)]).toEqual(
      session.log.filter(({ isError }) => isError).map(({ number }) => number),
    );
    pressShortcut(model, { ...KEY, key: "[" }, effects);
    expect(model.log.selected.value).toBe([...new Set(seen)].at(-2));
  });

  test("letters in a text field are text", () => {
    const { model } = inspect();
    expect(pressShortcut(model, { ...KEY, key: "j", inText: true }, effects)).toBe(false);
    expect(pressShortcut(model, { ...KEY, key: "?", inText: true }, effects)).toBe(false);
  });

  test("Escape closes the keys, then the detail, then returns to the log", () => {
    const { model } = inspect();
    model.openDetail();
    model.showKeys(true);
    const pressEscape = () => pressShortcut(model, { ...KEY, key: "Escape" }, effects);
    expect([pressEscape(), model.areKeysShown.value, model.isDetailOpen.value]).toEqual([true, false, true]);
    expect([pressEscape(), model.isDetailOpen.value]).toEqual([true, false]);
  });

  test("Ctrl+C copies the selected message as JSON, but not where text is selected", () => {
    const { model, find, platform } = inspect();
    const press = { ...KEY, key: "c", ctrl: true };
    expect(pressShortcut(model, press, effects)).toBe(false);
    model.open(find("invocation", "Tick").number);
    expect(pressShortcut(model, { ...press, hasTextSelected: true }, effects)).toBe(false);
    expect(pressShortcut(model, press, effects)).toBe(true);
    expect(platform.copied).toHaveLength(1);
    expect(platform.copied[0]).toContain("9007199254740993");
    expect(JSON.parse(platform.copied[0] ?? "")).toMatchObject({ kind: "invocation", target: "Tick" });
  });

  test("what is copied carries no token", () => {
    const { model, find, platform } = inspect();
    for (const entry of [find("invocation", "SignIn"), find("negotiate")]) {
      model.open(entry.number);
      model.copyJson();
      model.copyRaw();
    }
    expect(platform.copied).toHaveLength(3);
    expect(platform.copied.join()).not.toMatch(/abcdefghijklmnop|token-trading/);
  });
});

describe("session and host", () => {
  test("many refreshes are one update before the next frame", () => {
    const { session, grow } = longSession(10);
    const platform = fakePlatform();
    const model = createInspectorModel(session, { platform });
    grow(5);
    for (let times = 0; times < 100; times += 1) model.refresh();
    expect(model.log.rows.count.value).toBe(13);
    platform.drawFrame();
    expect(model.log.rows.count.value).toBe(18);
  });

  test("clearing clears the session, tells the host and starts again", () => {
    let told = 0;
    const { model, session } = inspect({ onClear: () => told++ });
    model.openDetail();
    model.clear();
    expect([told, session.log.length, model.log.rows.count.value, model.isDetailOpen.value]).toEqual([
      1,
      0,
      0,
      false,
    ]);
    expect(model.log.following.value).toBe(true);
  });

  test("a host that holds the record switch sees it pressed, and its own presses count", () => {
    const recording = signal(true);
    const { model } = inspect({ recording });
    model.toggleRecording();
    expect(recording.value).toBe(false);
    recording.value = true;
    expect(model.recording.value).toBe(true);
  });

  test("new errors and changed states are announced, messages are not", () => {
    const { session, talk, grow } = longSession(10);
    const platform = fakePlatform();
    const model = createInspectorModel(session, { platform });
    const update = () => {
      model.refresh();
      platform.drawFrame();
      return model.announcer.text.value;
    };
    grow(3);
    expect(update()).toBe("");
    talk.say(50, "out", { kind: "invocation", invocationId: "1", target: "Fail", arguments: [] });
    talk.say(60, "in", { kind: "completion", invocationId: "1", outcome: { kind: "error", message: "no" } });
    expect(update()).toBe("Error: completion Fail.");
    talk.close(70, 1000);
    expect(update()).toBe("/hubs/long closed.");
  });

  test("the status line counts, and says what was not kept", () => {
    const { session, grow } = longSession(20, { entries: 40 });
    const platform = fakePlatform();
    const model = createInspectorModel(session, { platform });
    expect(model.status.value).toEqual(["1 connection", "22 messages", expect.stringMatching(/ B$/)]);
    grow(30);
    model.refresh();
    platform.drawFrame();
    expect(model.status.value.at(-1)).toMatch(/^Messages before .* were not kept \(\d+ entries\)$/);
  });
});

describe("filter", () => {
  test("text, direction and errors narrow together, and one button clears them", () => {
    const { model, texts } = inspect();
    const all = texts().length;
    model.filter.search("target:order");
    expect(texts()).toEqual(["invocation", "completion", "invocation", "completion"]);
    model.filter.choose("in");
    model.filter.toggleErrors();
    expect(texts()).toEqual(["completion"]);
    expect(model.filter.isNarrowed.value).toBe(true);
    model.filter.clear();
    expect(texts()).toHaveLength(all);
  });

  test("a direction keeps what was lost: nobody knows where it went", () => {
    const { model, texts } = inspect();
    model.filter.choose("out");
    expect(texts()).toContain("dropped");
    expect(texts()).not.toContain("negotiate");
  });
});
