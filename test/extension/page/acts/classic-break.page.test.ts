import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { PageFault } from "../../../../extension/channel/acts.ts";
import { type ClassicServer, startClassicServer } from "../../../support/classic-server.ts";
import {
  type HookedChromium,
  type HookedPage,
  openHookedChromium,
} from "../../../support/hooked-chromium.ts";
import { until } from "../../../support/until.ts";

/** Faults on single messages of what a classic server says at once, beside its official client in a real page. */
let chromium: HookedChromium;
let server: ClassicServer;
let hooked: HookedPage;
beforeAll(async () => {
  [chromium, server] = await Promise.all([openHookedChromium(), startClassicServer()]);
}, 120_000);
afterEach(() => hooked.close());
afterAll(() => Promise.all([chromium?.close(), server?.close()]));

const page = <T>(expression: string) => hooked.page.evaluate(expression) as Promise<T>;
const heard = () => page<string[]>("heard");
const said = (text: string) => `{"H":"EchoHub","M":"said","A":["${text}"]}`;
const other = (text: string) => `{"H":"EchoHub","M":"other","A":["${text}"]}`;

let lastCommand = 0;
async function breakThings(...faults: readonly PageFault[]): Promise<void> {
  const command = ++lastCommand;
  await hooked.tell({ type: "act", body: { command, act: { kind: "faults", faults } } });
  await until("an answer", () =>
    hooked.acts.find((answer) => answer.type === "act-answered" && answer.body.command === command),
  );
}

const fault = (facts: Partial<Extract<PageFault, { direction: string }>>): PageFault => ({
  id: "f",
  kind: "drop",
  direction: "in",
  share: 1,
  delay: 10_000,
  ...facts,
});

test.for(["webSockets", "serverSentEvents"])(
  "over %s one message is dropped, delayed or turned, and the client has cursor, groups and the rest",
  { timeout: 120_000 },
  async (transport) => {
    hooked = await chromium.open();
    await hooked.page.goto(`${server.origin}/?transport=${transport}`);
    expect(await page("connected")).toBe(transport);
    await page('hub.on("other", (text) => heard.push("other " + text))');

    await breakThings(fault({ target: "EchoHub.other" }));
    server.push(`{"C":"d-9,1","G":"groups 1","M":[${said("a")},${other("b")},${said("c")}]}`);
    await until("what is not dropped", async () => (await heard()).length >= 2);
    expect(await heard()).toEqual(["a", "c"]);
    expect(await page("[connection.messageId, connection.groupsToken]")).toEqual(["d-9,1", "groups 1"]);

    await breakThings(fault({ id: "d", kind: "delay", target: "EchoHub.other" }));
    server.push(`{"C":"d-9,2","M":[${other("late")},${said("d")}]}`);
    server.push(`{"C":"d-9,3","G":"groups 3","M":[${said("e")}]}`);
    await until("what is not delayed", async () => (await heard()).length >= 4);
    await breakThings();
    await until("what was delayed", async () => (await heard()).length >= 5);
    expect((await heard()).slice(2)).toEqual(["d", "e", "other late"]);
    // What was late has not put the client back.
    expect(await page("[connection.messageId, connection.groupsToken]")).toEqual(["d-9,3", "groups 3"]);

    await breakThings(fault({ id: "r", kind: "reorder", target: "EchoHub.other" }));
    server.push(`{"C":"d-9,4","M":[${other("first")},${said("second")}]}`);
    await until("both", async () => (await heard()).length >= 7);
    expect((await heard()).slice(5)).toEqual(["second", "other first"]);

    await breakThings(fault({ id: "all" }));
    server.push(`{"C":"d-9,5","M":[${said("never")}]}`);
    await until("the cursor alone", async () => (await page("connection.messageId")) === "d-9,5");
    await breakThings();
    // The connection is whole: a call, its push and its reply.
    expect(await page('call("after all")')).toBe("after all");
    expect((await heard()).slice(7)).toEqual(["after all"]);
    expect(hooked.complaints.filter((text) => !text.includes("jQuery.Deferred"))).toEqual([]);
    const recorded = await until("four marks", () => {
      const marked = hooked.events.flatMap((event) =>
        "payload" in event && event.payload.kind === "text" && "act" in event && event.act !== undefined
          ? [`${event.act} ${event.payload.text.replace(/^data: |\n/g, "")}`]
          : [],
      );
      return marked.length >= 4 && marked;
    });
    expect(recorded).toEqual([
      `dropped {"M":[${other("b")}]}`,
      `delayed {"M":[${other("late")}]}`,
      `reordered {"M":[${other("first")}]}`,
      `dropped {"M":[${said("never")}]}`,
    ]);
  },
);
