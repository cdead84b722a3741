import { ROOT, run, step } from "./step.ts";

/** How each runtime is found, and how it is given the arguments of a program for Node. */
const RUNTIMES = [
  {
    name: "Deno",
    variable: "HUBSCOPE_DENO",
    program: "deno",
    flags: ["run", "-A", "--node-modules-dir=manual"],
  },
  { name: "Bun", variable: "HUBSCOPE_BUN", program: "bun", flags: ["--bun"] },
] as const;

/** All of core that asks for no browser and no server. */
const TESTS = ["bytes", "client", "flow", "hub", "session", "wire"].map((folder) => `test/core/${folder}`);

/**
 * `npm run test:runtimes`: core's own tests in Deno and in Bun, whose engine is not V8. Apart from `npm test`, because
 * neither is a package that `npm ci` can install without scripts. Ends with 1 where one fails or is missing.
 */
async function main(): Promise<number> {
  let ok = true;
  for (const { name, variable, program, flags } of RUNTIMES) {
    const found = process.env[variable] ?? program;
    const has = await step(`${name}: ${found}`, () => run(found, ["--version"]));
    if (!has) console.error(`${name} was not found: put it on the PATH, or its path into ${variable}.`);
    const vitest = [`${ROOT}node_modules/vitest/vitest.mjs`, "run", "--config", "test/vitest.config.ts"];
    const passed =
      has &&
      (await step(`core in ${name}`, () =>
        run(found, [...flags, ...vitest, "--project", "unit", ...TESTS, ...process.argv.slice(2)]),
      ));
    ok = passed && ok;
  }
  return ok ? 0 : 1;
}

process.exitCode = await main();
