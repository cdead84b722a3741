import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ended } from "./child-processes.ts";

/** What the real servers in test/servers have in common: the SDK, building, starting and ending. */
export interface DotNetServer {
  /** Origin without a trailing slash, as in `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Ends the process; resolves when it is gone. */
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 3_000;
const ENVIRONMENT = {
  ...process.env,
  DOTNET_CLI_TELEMETRY_OPTOUT: "1",
  DOTNET_NOLOGO: "1",
  DOTNET_CLI_USE_MSBUILD_SERVER: "0",
  DOTNET_GENERATE_ASPNET_CERTIFICATE: "false",
};

let sdk: { readonly version: string } | { readonly missing: string } | undefined;

/** The folder of a server in test/servers. */
export function serverProject(name: string): string {
  return join(ROOT, "test/servers", name);
}

/** Where builds of it are kept. */
export function serverCache(name: string): string {
  return join(ROOT, "node_modules/.cache", `${name}-server`);
}

/** Why the suites that need a real server cannot run here, in one sentence; undefined when they can. */
export function dotNetSkipReason(): string | undefined {
  const found = installedSdk();
  return "missing" in found ? found.missing : undefined;
}

export function installedSdk(): { readonly version: string } | { readonly missing: string } {
  sdk ??= findSdk();
  return sdk;
}

function findSdk(): { readonly version: string } | { readonly missing: string } {
  try {
    const listed = execFileSync("dotnet", ["--list-sdks"], { encoding: "utf8", env: ENVIRONMENT });
    const versions = listed.split("\n").map((line) => line.split(" ")[0] ?? "");
    const fitting = versions.filter((version) => Number.parseInt(version, 10) >= 10).at(-1);
    if (fitting !== undefined) return { version: fitting };
    return {
      missing: "The .NET SDK here is older than 10: the suites with the real servers are skipped.",
    };
  } catch {
    // Whatever keeps `dotnet` from answering, it cannot build the server either.
    return {
      missing: "There is no .NET SDK here: the suites with the real servers are skipped.",
    };
  }
}

/** Rejects with what the command printed. */
export function dotnet(project: string, args: readonly string[], timeout: number): Promise<void> {
  const options = { cwd: project, env: ENVIRONMENT, timeout, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    const child = execFile("dotnet", args, options, (error, stdout) => {
      // Told to end because its time is up, it may well end with 0.
      if (error === null && !child.killed) resolve();
      else {
        const what = child.killed ? `took more than ${timeout} ms` : "failed";
        reject(new Error(`dotnet ${args[0]} ${what}:\n${stdout}`, { cause: error }));
      }
    });
  });
}

/** Starts a built server on a free port of 127.0.0.1. It ends when this process ends. */
export async function startDotNetServer(
  project: string,
  assembly: string,
  options: readonly string[] = [],
): Promise<DotNetServer> {
  const args = [assembly, "--urls", "http://127.0.0.1:0", "--stop-with-stdin", "true", ...options];
  const child = spawn("dotnet", args, { cwd: project, env: ENVIRONMENT, stdio: "pipe" });
  try {
    const url = await addressOf(child);
    return { url, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** Stands for the SDK and for what is compiled: pages are served from the sources. */
export function sourceHash(sdkVersion: string, ...projects: readonly string[]): string {
  const hash = createHash("sha256").update(sdkVersion);
  for (const project of projects) {
    const files = readdirSync(project, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => /\.(cs|csproj|razor)$/.test(path) && !/^(bin|obj)\//.test(path))
      .sort();
    for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(project, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaints = "";
    // Must be read to the end of the process: a full pipe would stop the server.
    child.stderr?.on("data", (chunk: Buffer) => {
      complaints = `${complaints}${chunk.toString()}`.slice(-10_000);
    });
    const limit = setTimeout(() => fail(`did not start within ${START_LIMIT_MS} ms`), START_LIMIT_MS);
    function fail(what: string): void {
      clearTimeout(limit);
      reject(new Error(`The server ${what}.\n${complaints}`));
    }
    child.once("error", (error) => fail(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) => fail(`ended with ${signal ?? code} before it listened`));
    if (child.stdout === null) return fail("has no standard output");
    createInterface({ input: child.stdout }).on("line", (line) => {
      const address = /^listening on (http:\S+)$/.exec(line)?.[1];
      if (address === undefined) return;
      clearTimeout(limit);
      resolve(address);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  child.kill("SIGTERM");
  await ended(child, STOP_LIMIT_MS);
}
