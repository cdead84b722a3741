/**
 * `npm start`: builds everything, serves the playground and the demo page, and says what to open and to load.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { buildAll } from "./build.ts";
import { type DemoServer, startDemoServer } from "./demo-server.ts";
import { startText } from "./start-text.ts";

const DEFAULT_PORT = 5177;
const PORTS_TRIED = 20;

await main();

async function main(): Promise<void> {
  const wanted = readPort();
  if (wanted === "wrong") return end("--port takes a number from 0 to 65535.");
  try {
    await buildAll();
  } catch (error) {
    return end(`The build failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  const server = await (wanted === undefined ? startOnFreePort() : startOn(wanted));
  if (server === undefined) return;
  console.log(startText(server, process.cwd()));
  const stop = () => {
    // A second Ctrl+C is for whom closing takes too long.
    process.once("SIGINT", () => process.exit(130));
    void server.close().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

async function startOn(port: number): Promise<DemoServer | undefined> {
  try {
    return await startDemoServer({ port });
  } catch (error) {
    if (!isTaken(error)) throw error;
    end(`Port ${port} is taken. Give another one: npm start -- --port ${port + 1}`);
    return undefined;
  }
}

async function startOnFreePort(): Promise<DemoServer | undefined> {
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + PORTS_TRIED; port++) {
    try {
      return await startDemoServer({ port });
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  end(
    `Ports ${DEFAULT_PORT} to ${DEFAULT_PORT + PORTS_TRIED - 1} are taken. Give another one: npm start -- --port 8080`,
  );
  return undefined;
}

function readPort(): number | undefined | "wrong" {
  try {
    const { port } = parseArgs({ options: { port: { type: "string" } } }).values;
    if (port === undefined) return undefined;
    const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
    return number <= 65_535 ? number : "wrong";
  } catch {
    // parseArgs rejects what it does not know; there is only one thing to know.
    return "wrong";
  }
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && (error.code === "EADDRINUSE" || error.code === "EACCES")
  );
}

function end(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}
