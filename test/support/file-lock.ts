import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;

/**
 * Runs `work` while no other process that uses the same path does. The lock of a process that has died is taken over.
 */
export async function underLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  while (!take(path)) await delay(POLL_MS);
  try {
    return await work();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function take(path: string): boolean {
  try {
    // Creating a folder is atomic everywhere: exactly one process succeeds.
    mkdirSync(path);
  } catch {
    if (ownerIsDead(path)) rmSync(path, { recursive: true, force: true });
    return false;
  }
  writeFileSync(join(path, "pid"), String(process.pid));
  return true;
}

function ownerIsDead(path: string): boolean {
  try {
    const owner = Number(readFileSync(join(path, "pid"), "utf8"));
    if (!Number.isInteger(owner) || owner <= 0) return false;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    // ESRCH: no such process. Any other failure: the owner is just writing its number, or the lock is gone by now.
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
