import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { PageFunction } from "./inspected-browser.ts";

export interface AxeViolation {
  readonly rule: string;
  readonly help: string;
  /** HTML of the elements that are wrong. */
  readonly elements: readonly string[];
}

export type Evaluate = <A extends readonly unknown[], R>(page: PageFunction<A, R>, ...args: A) => Promise<R>;

const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Runs axe-core in the page behind `evaluate`, with all its rules. */
export async function violationsIn(evaluate: Evaluate): Promise<readonly AxeViolation[]> {
  // The library is part of the function's text: pages whose policy forbids eval would not load it otherwise.
  const load = { toString: () => `() => { ${AXE_SOURCE}; window.axe = axe; }` };
  await evaluate(load as unknown as () => void);
  return evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(root: Document): Promise<AxeResults> } };
    const { violations } = await axe.run(document);
    return violations.map(({ id, help, nodes }) => ({
      rule: id,
      help,
      elements: nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`),
    }));
  });
}
