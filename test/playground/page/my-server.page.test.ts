import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AspNetCoreServer,
  dotNetSkipReason,
  startAspNetCoreServer,
} from "../../support/aspnetcore-server.ts";
import {
  button,
  compose,
  connectTo,
  expectPage,
  logRow,
  openPlaygroundPages,
  type PlaygroundPages,
  result,
  SET_UP_LIMIT,
} from "./playground-page.ts";

const BUILD_LIMIT = 400_000;

describe.skipIf(dotNetSkipReason() !== undefined)("the playground and a real ASP.NET Core server", () => {
  let pages: PlaygroundPages;
  let server: AspNetCoreServer;
  beforeAll(async () => {
    [pages, server] = await Promise.all([openPlaygroundPages(), startAspNetCoreServer()]);
  }, SET_UP_LIMIT + BUILD_LIMIT);
  afterAll(() => Promise.all([pages?.close(), server?.stop()]));

  describe.for(["JSON", "MessagePack"] as const)("over %s", (protocol) => {
    const open = async () => {
      const { page, complaints } = await pages.open();
      await connectTo(page, `${server.url}/hubs/calls`, { protocol });
      await expectPage(button(page, "Disconnect")).toBeVisible();
      return { page, complaints };
    };

    test("connecting shows its phases with their times", async () => {
      const { page, complaints } = await open();
      const phases = page.getByRole("list", { name: "Phases of the connection" }).getByRole("listitem");
      await expectPage(phases).toHaveText([
        /negotiate[\d.]+ m?s$/,
        /WebSockets opened[\d.]+ m?s$/,
        new RegExp(`handshake, ${protocol.toLowerCase()} 1[\\d.]+ m?s$`),
        /connected (just now|for)/,
      ]);
      await expectPage(logRow(page, /negotiate/)).toHaveCount(1);
      await button(page, "Disconnect").click();
      await expectPage(button(page, "Connect")).toBeVisible();
      await expectPage(page.getByRole("alert")).toHaveCount(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    test("every kind of call", async () => {
      const { page } = await open();
      await compose(page, "Add", "19, 23");
      await button(page, "Invoke").click();
      await expectPage(result(page, "Add").getByRole("tree")).toContainText("result: 42");

      await compose(page, "EchoLong", "9007199254740993");
      await button(page, "Invoke").click();
      await expectPage(result(page, "EchoLong").getByRole("tree")).toContainText("result: 9007199254740993");

      await compose(page, "Nothing", "");
      await button(page, "Invoke").click();
      // ASP.NET Core answers a void method with a result that is null, not with an absent one.
      await expectPage(result(page, "Nothing").getByRole("tree")).toContainText("result: null");

      await compose(page, "ThrowHubException", '"Not today."');
      await button(page, "Invoke").click();
      await expectPage(result(page, "ThrowHubException")).toContainText("HubException: Not today.");

      await compose(page, "Count", "5, 10");
      await button(page, "Stream").click();
      await expectPage(result(page, "Count")).toContainText("5 items, ended after");

      await compose(page, "Forever", '"playground", 20');
      await button(page, "Stream").click();
      await expectPage(result(page, "Forever")).toContainText("a second");
      await button(page, "Cancel Forever").click();
      await expectPage(result(page, "Forever")).toContainText("cancelled after");

      await compose(page, "Sum", "stream(1, 2, 3)");
      await button(page, "Invoke").click();
      await expectPage(result(page, "Sum").getByRole("tree")).toContainText("result: 6");
      await page.context().close();
    });

    test("subscriptions and client results", async () => {
      const { page } = await open();
      for (const target of ["Said", "Answer"]) {
        await page.getByLabel("Client method to subscribe to").fill(target);
        await button(page, "Subscribe").click();
      }
      await button(page, "Reply of Answer").click();
      await page.getByLabel("Value that Answer answers with").fill('"Forty-two"');
      await compose(page, "AskCaller", '"The question"');
      await button(page, "Invoke").click();
      await expectPage(result(page, "AskCaller").getByRole("tree")).toContainText("Forty-two");
      await compose(page, "Say", '"Hello"');
      await button(page, "Invoke").click();
      const said = page.getByRole("listitem").filter({ hasText: "Said" });
      await expectPage(said).toContainText('"Hello"');
      await page.context().close();
    });
  });

  test("a hub behind a token: without one, with a wrong one, with a right one", async () => {
    const { page } = await pages.open();
    const hub = `${server.url}/hubs/secure`;
    await connectTo(page, hub);
    await expectPage(page.getByRole("alert")).toContainText("requires authorisation (401)");
    await connectTo(page, hub, { token: "wrong" });
    await expectPage(page.getByRole("alert")).toContainText("did not accept the token (401)");
    const { accessToken } = (await (await fetch(`${server.url}/token?user=ada`)).json()) as {
      accessToken: string;
    };
    await connectTo(page, hub, { token: accessToken });
    await expectPage(button(page, "Disconnect")).toBeVisible();
    await compose(page, "WhoAmI", "");
    await button(page, "Invoke").click();
    await expectPage(result(page, "WhoAmI").getByRole("tree")).toContainText("ada");
    const kept = await page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)) + location.href);
    expect(kept).not.toContain(accessToken);
    expect(await page.content()).not.toContain(accessToken);
    await page.context().close();
  });

  test.for([
    ["/nocors/calls", "does not allow pages from"],
    ["/hubs/polling-only", "does not offer WebSockets, only LongPolling"],
    ["/hubs/refusing", "closed the connection with an error"],
  ] as const)("%s: %s", async ([path, sentence]) => {
    const { page } = await pages.open();
    await connectTo(page, server.url + path);
    await expectPage(page.getByRole("alert")).toContainText(sentence);
    await page.context().close();
  });

  test("a connection that is cut is said to be lost, and can be made again", async () => {
    const { page } = await pages.open();
    await connectTo(page, `${server.url}/hubs/calls`);
    await expectPage(button(page, "Disconnect")).toBeVisible();
    await fetch(`${server.url}/control/cut`, { method: "POST" });
    await expectPage(page.getByRole("alert")).toContainText("The connection was lost.");
    await expectPage(button(page, "Invoke")).toBeDisabled();
    await button(page, "Connect").click();
    await expectPage(button(page, "Disconnect")).toBeVisible();
    await expectPage(page.getByRole("alert")).toHaveCount(0);
    await page.context().close();
  });
});
