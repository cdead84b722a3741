import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endWithUs } from "../support/child-processes.ts";

export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** What the programs of a step have said so far, where it runs beside others. */
const held = new AsyncLocalStorage<string[]>();

/** Runs `work` under a heading and says how long it took. What it throws is printed and counts as failed. */
export async function step(name: string, work: () => Promise<boolean>): Promise<boolean> {
  console.log(`\n── ${name}`);
  return timed(name, work);
}

/** The same for a step that runs beside others: what its programs say is printed in one piece, when it has ended. */
export async function stepBeside(name: string, work: () => Promise<boolean>): Promise<boolean> {
  const said: string[] = [];
  return timed(name, () => held.run(said, work), said);
}

async function timed(
  name: string,
  work: () => Promise<boolean>,
  said: readonly string[] = [],
): Promise<boolean> {
  const start = performance.now();
  let ok = false;
  let fault = "";
  try {
    ok = await work();
  } catch (error) {
    fault = `${error instanceof Error ? error.message : String(error)}\n`;
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${said.join("")}${fault}── ${name}: ${ok ? "done" : "FAILED"} in ${seconds} s`);
  return ok;
}

/** Runs a program with our output and no input; true when it ends well. */
export async function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<boolean> {
  const said = held.getStore();
  const output = said === undefined ? "inherit" : "pipe";
  const child = endWithUs(
    spawn(program, args, {
      cwd: ROOT,
      stdio: ["ignore", output, output],
      env: { ...process.env, ...environment },
      shell: process.platform === "win32",
    }),
  );
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => said?.push(text));
  const [code] = (await once(child, "close")) as [number | null];
  return code === 0;
}

/** Path of a program of one of our dependencies. */
export function tool(name: string): string {
  return join(ROOT, "node_modules", ".bin", name);
}
