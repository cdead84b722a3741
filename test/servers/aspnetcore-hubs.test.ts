import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  type AspNetCoreServer,
  dotNetSkipReason,
  startAspNetCoreServer,
} from "../support/aspnetcore-server.ts";
import { until } from "../support/until.ts";
import { officialClient } from "./official-client.ts";

const BUILD_AND_START_MS = 400_000;
/** Two seconds of a stream. */
const ITEMS = 100;
const PLAYGROUND = "http://playground.example";

describe.skipIf(dotNetSkipReason() !== undefined)("the hubs of the ASP.NET Core server", () => {
  let server: AspNetCoreServer;
  beforeAll(async () => {
    server = await startAspNetCoreServer({ args: ["--origins", `${PLAYGROUND}, http://other.example`] });
  }, BUILD_AND_START_MS);
  afterAll(() => server?.stop());

  function negotiate(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${server.url}${path}`, { method: "POST", headers });
  }

  async function token(query: string): Promise<string> {
    const response = await fetch(`${server.url}/token?${query}`, { method: "POST" });
    return ((await response.json()) as { accessToken: string }).accessToken;
  }

  describe("/hubs/secure", () => {
    test("refuses without a token, with a wrong one and with an expired one", async () => {
      const expired = await token("user=ada&seconds=-1");
      expect((await negotiate("/hubs/secure/negotiate")).status).toBe(401);
      expect((await negotiate("/hubs/secure/negotiate?access_token=nonsense")).status).toBe(401);
      expect((await negotiate("/hubs/secure/negotiate", { authorization: `Bearer ${expired}` })).status).toBe(
        401,
      );
      await expect(officialClient(`${server.url}/hubs/secure`).build().start()).rejects.toThrow("401");
    });

    test("takes the token from the query or from the header", async () => {
      const accessToken = await token("user=grace");
      const query = `?access_token=${encodeURIComponent(accessToken)}`;
      expect((await negotiate(`/hubs/secure/negotiate${query}`)).status).toBe(200);
      expect(
        (await negotiate("/hubs/secure/negotiate", { authorization: `Bearer ${accessToken}` })).status,
      ).toBe(200);
    });

    test("knows the user of the token", async () => {
      const connection = officialClient(`${server.url}/hubs/secure`, {
        accessTokenFactory: () => token("user=grace"),
      }).build();
      await connection.start();
      expect(await connection.invoke("WhoAmI")).toMatchObject({ user: "grace" });
      expect(await connection.invoke("Secret")).toBe("for grace only");
      await connection.stop();
    });
  });

  describe("/hubs/strict", () => {
    test("tells no details of a plain exception", async () => {
      const connection = officialClient(`${server.url}/hubs/strict`).build();
      await connection.start();
      await expect(connection.invoke("ThrowException", "secret")).rejects.toThrow(
        /^An unexpected error occurred invoking 'ThrowException' on the server\.$/,
      );
      await connection.stop();
    });

    test("takes 32 KB and ends the connection at more", async () => {
      const connection = officialClient(`${server.url}/hubs/strict`).build();
      const closed = new Promise<Error | undefined>((resolve) => connection.onclose(resolve));
      await connection.start();
      expect(await connection.invoke("TextLength", "x".repeat(32_000))).toBe(32_000);
      const oversize = connection.invoke("TextLength", "x".repeat(40_000));
      await expect(oversize).rejects.toThrow(
        "Server returned an error on close: Connection closed with an error.",
      );
      expect((await closed)?.message).toContain("Connection closed with an error.");
    });
  });

  test.for(["json", "messagepack"] as const)(
    "/hubs/stateful resumes after two cuts over %s",
    async (protocol) => {
      const connection = officialClient(`${server.url}/hubs/stateful`, { protocol })
        .withStatefulReconnect()
        .build();
      let reconnects = 0;
      connection.onreconnecting(() => reconnects++);
      await connection.start();
      const items: number[] = [];
      const cut = async () => {
        const path = `/control/connections/${connection.connectionId}/cut`;
        return (await fetch(`${server.url}${path}`, { method: "POST" })).json();
      };
      const whole = new Promise<void>((resolve, reject) => {
        connection.stream<number>("Count", ITEMS, 20).subscribe({
          next: (item) => items.push(item),
          complete: resolve,
          error: reject,
        });
      });
      for (let time = 1; time <= 2; time++) {
        const heard = items.length;
        await until("the stream goes on", () => items.length > heard);
        expect(await cut()).toEqual({ cut: 1 });
        // An answer says that the connection has resumed: the client gives up when it is cut again before.
        expect(await connection.invoke("Add", time, 2)).toBe(time + 2);
      }
      await whole;
      expect(items).toEqual(Array.from({ length: ITEMS }, (_, at) => at));
      expect(reconnects).toBe(0);
      await connection.stop();
    },
  );

  /** Texts of a raw JSON connection until `count` have come or the socket is closed. */
  async function texts(path: string, count: number): Promise<string[]> {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}${path}`);
    await new Promise((resolve) => socket.once("open", resolve));
    const heard = new Promise<string[]>((resolve) => {
      const list: string[] = [];
      socket.on("message", (data: Buffer) => {
        list.push(...data.toString().split("\u001e").slice(0, -1));
        if (list.length >= count) resolve(list);
      });
      socket.once("close", () => resolve(list));
    });
    socket.send('{"protocol":"json","version":1}\u001e');
    await heard;
    socket.terminate();
    return heard;
  }

  test("/hubs/quick pings long before the usual 15 seconds", async () => {
    const began = performance.now();
    expect(await texts("/hubs/quick", 3)).toEqual(["{}", '{"type":6}', '{"type":6}']);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test("/hubs/refusing ends every connection after the handshake", async () => {
    const close = '{"type":7,"error":"Connection closed with an error."}';
    expect(await texts("/hubs/refusing", 3)).toEqual(["{}", close]);
  });

  test.for([
    ["http://localhost:5173", "/hubs/calls", "http://localhost:5173"],
    ["http://127.0.0.1", "/hubs/calls", "http://127.0.0.1"],
    [PLAYGROUND, "/hubs/calls", PLAYGROUND],
    ["http://other.example", "/hubs/calls", "http://other.example"],
    ["http://stranger.example", "/hubs/calls", null],
    ["http://localhost:5173", "/nocors/calls", null],
  ] as const)("origin %s at %s is answered with %s", async ([origin, path, allowed]) => {
    const answer = await negotiate(`${path}/negotiate?negotiateVersion=1`, { origin });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe(allowed);
    expect(answer.headers.get("access-control-allow-credentials")).toBe(allowed === null ? null : "true");
  });

  test("a refused negotiate still carries the headers that let a page read the status", async () => {
    await fetch(`${server.url}/control/refuse-negotiates?count=1&status=503`, { method: "POST" });
    const answer = await negotiate("/hubs/calls/negotiate", { origin: PLAYGROUND });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("access-control-allow-origin")).toBe(PLAYGROUND);
  });
});

describe.skipIf(dotNetSkipReason() !== undefined)("the process of the ASP.NET Core server", () => {
  test(
    "ends when the process that started it is killed",
    async () => {
      const script = `
        import { startAspNetCoreServer } from "./test/support/aspnetcore-server.ts";
        const server = await startAspNetCoreServer();
        console.log("child has " + server.url);`;
      const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        stdio: ["ignore", "pipe", "inherit"],
      });
      const url = await new Promise<string>((resolve) => {
        createInterface({ input: parent.stdout }).on("line", (line) => {
          if (line.startsWith("child has ")) resolve(line.slice("child has ".length));
        });
      });
      expect((await fetch(`${url}/control/about`)).status).toBe(200);
      parent.kill("SIGKILL");
      await until("the server to be gone", () => isGone(url));
    },
    BUILD_AND_START_MS,
  );

  test(
    "is gone when stop has resolved",
    async () => {
      const server = await startAspNetCoreServer();
      await server.stop();
      expect(await isGone(server.url)).toBe(true);
      await server.stop();
    },
    BUILD_AND_START_MS,
  );
});

async function isGone(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/control/about`);
    return false;
  } catch {
    // Nothing listens there: that is what is asked.
    return true;
  }
}
