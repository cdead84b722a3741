import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { underLock } from "./file-lock.ts";

describe("underLock", () => {
  const folder = mkdtempSync(join(tmpdir(), "file-lock-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("two pieces of work under one path never overlap, even when the first fails", async () => {
    const path = join(folder, "deep/er/lock");
    const events: string[] = [];
    const work = (name: string, fails: boolean) => async () => {
      events.push(`${name} begins`);
      for (let turns = 0; turns < 20; turns++) await turn();
      events.push(`${name} ends`);
      if (fails) throw new Error(`${name} fails`);
      return name;
    };
    const outcomes = await Promise.allSettled([
      underLock(path, work("a", true)),
      underLock(path, work("b", false)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "fulfilled"]);
    expect(events).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });

  test("the lock of a process that is gone is taken over", async () => {
    const path = join(folder, "stale");
    const gone = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
    mkdirSync(path);
    writeFileSync(join(path, "pid"), gone);
    expect(await underLock(path, async () => "done")).toBe("done");
  });
});
