import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endWithUs } from "../support/child-processes.ts";

export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** Runs `work` under a heading and says how long it took. What it throws is printed and counts as failed. */
export async function step(name: string, work: () => Promise<boolean>): Promise<boolean> {
  console.log(`\n── ${name}`);
  const start = performance.now();
  let ok = false;
  try {
    ok = await work();
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
  }
  console.log(
    `── ${name}: ${ok ? "done" : "FAILED"} in ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
  return ok;
}

/** Runs a program with our output and no input; true when it ends well. */
export async function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<boolean> {
  const child = endWithUs(
    spawn(program, args, {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...environment },
      shell: process.platform === "win32",
    }),
  );
  const [code] = (await once(child, "exit")) as [number | null];
  return code === 0;
}

/** Path of a program of one of our dependencies. */
export function tool(name: string): string {
  return join(ROOT, "node_modules", ".bin", name);
}
