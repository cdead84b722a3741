import { type DemoServer, startDemoServer } from "../../playground/server/demo-server.ts";
import {
  type AspNetCoreServer,
  buildAspNetCoreServer,
  dotNetSkipReason,
  startAspNetCoreServer,
} from "../support/aspnetcore-server.ts";
import { test as base } from "./fixtures.ts";

export { expect } from "./fixtures.ts";

interface ServerFixtures {
  /** Origin of the real ASP.NET Core server; the test is skipped where there is no .NET SDK. */
  readonly server: string;
}

interface WorkerServers {
  /** What `npm start` serves: the playground, the demo page and its hub. */
  readonly demo: DemoServer;
  readonly aspNetCore: AspNetCoreServer | undefined;
}

/** Tests with the real server: one for all tests of a worker. */
export const test = base.extend<ServerFixtures, WorkerServers>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
    async ({}, use) => {
      const server = await startDemoServer({ port: 0 });
      await use(server);
      await server.close();
    },
    { scope: "worker" },
  ],
  aspNetCore: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
    async ({}, use) => {
      if (dotNetSkipReason() !== undefined) return use(undefined);
      await buildAspNetCoreServer();
      const server = await startAspNetCoreServer();
      await use(server);
      return server.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  server: async ({ aspNetCore }, use, testInfo) => {
    testInfo.skip(aspNetCore === undefined, dotNetSkipReason());
    await use(aspNetCore?.url ?? "");
  },
});
