import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

const running = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Sees to it that `child` does not outlive this process, whatever ends it. */
export function endWithUs(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Waits `patience` ms for `child` to end by itself, then ends it. */
export async function ended(child: ChildProcess, patience: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  const late = new AbortController();
  const force = pause(patience, undefined, { signal: late.signal }).then(
    () => child.kill("SIGKILL"),
    // Aborted: it ended in time.
    () => undefined,
  );
  await exit;
  late.abort();
  await force;
}
