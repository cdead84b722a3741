import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { HubscopeErrorCode } from "../../../core/src/errors.ts";

/** A record, so that a code that is added must be added here. Each file names a test that provokes the code. */
const PROVOKED_IN: Readonly<Record<HubscopeErrorCode, string>> = {
  "not-a-url": "start-and-stop.test.ts",
  unreachable: "start-and-stop.test.ts",
  "negotiate-refused": "start-and-stop.test.ts",
  "not-signalr": "start-and-stop.test.ts",
  "negotiate-error": "start-and-stop.test.ts",
  "no-common-transport": "start-and-stop.test.ts",
  "transport-failed": "start-and-stop.test.ts",
  "handshake-rejected": "start-and-stop.test.ts",
  "handshake-failed": "start-and-stop.test.ts",
  "connection-lost": "endings.test.ts",
  "closed-by-server": "endings.test.ts",
  "server-timeout": "endings.test.ts",
  "not-connected": "calls.test.ts",
  "invocation-failed": "calls.test.ts",
  "protocol-violation": "calls.test.ts",
  stopped: "endings.test.ts",
};

test.for(Object.entries(PROVOKED_IN))("a test provokes the error %s", ([code, file]) => {
  expect(readFileSync(new URL(file, import.meta.url), "utf8")).toMatch(new RegExp(`code: "${code}"`));
});
