import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ended } from "./child-processes.ts";
import { underLock } from "./file-lock.ts";

/** Which implementation of the hub protocol "messagepack" the server was built with: Microsoft's package or ours. */
export type MessagePackChoice = "package" | "ours";

export interface AspNetCoreBuild {
  /** The assembly to start with `dotnet`. */
  readonly assembly: string;
  readonly messagePack: MessagePackChoice;
}

export interface AspNetCoreServer {
  /** Origin without a trailing slash, as in `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Ends the process; resolves when it is gone. */
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROJECT = join(ROOT, "test/servers/aspnetcore");
const CACHE = join(ROOT, "node_modules/.cache/aspnetcore-server");
/** Lies in a finished build; says what it was built with. */
const RECORD = "built.json";
const RESTORE_LIMIT_MS = 60_000;
const BUILD_LIMIT_MS = 300_000;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 3_000;
const ENVIRONMENT = {
  ...process.env,
  DOTNET_CLI_TELEMETRY_OPTOUT: "1",
  DOTNET_NOLOGO: "1",
  DOTNET_CLI_USE_MSBUILD_SERVER: "0",
  DOTNET_GENERATE_ASPNET_CERTIFICATE: "false",
};

let sdk: { readonly version: string } | { readonly missing: string } | undefined;
let building: Promise<AspNetCoreBuild> | undefined;

/** Why the suites that need the real server cannot run here, in one sentence; undefined when they can. */
export function dotNetSkipReason(): string | undefined {
  const found = installedSdk();
  return "missing" in found ? found.missing : undefined;
}

/**
 * Builds the server once for its present sources, whichever process asks first; the others wait and use the same output.
 * Says in one line when Microsoft's MessagePack package cannot be restored and ours takes its place.
 */
export function buildAspNetCoreServer(): Promise<AspNetCoreBuild> {
  building ??= build();
  return building;
}

/** Starts the server on a free port of 127.0.0.1 (building it first when that is needed). It ends when this process ends. */
export async function startAspNetCoreServer(
  options: { readonly args?: readonly string[] } = {},
): Promise<AspNetCoreServer> {
  const { assembly } = await buildAspNetCoreServer();
  const args = [
    assembly,
    "--urls",
    "http://127.0.0.1:0",
    "--stop-with-stdin",
    "true",
    ...(options.args ?? []),
  ];
  const child = spawn("dotnet", args, { cwd: PROJECT, env: ENVIRONMENT, stdio: "pipe" });
  try {
    const url = await addressOf(child);
    return { url, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

function installedSdk(): { readonly version: string } | { readonly missing: string } {
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
      missing:
        "The .NET SDK here is older than 10: the suites with the real ASP.NET Core server are skipped.",
    };
  } catch {
    // Whatever keeps `dotnet` from answering, it cannot build the server either.
    return {
      missing: "There is no .NET SDK here: the suites with the real ASP.NET Core server are skipped.",
    };
  }
}

const TOLD = "HUBSCOPE_TOLD_MESSAGEPACK";

async function build(): Promise<AspNetCoreBuild> {
  const found = installedSdk();
  if ("missing" in found) throw new Error(found.missing);
  const folder = join(CACHE, sourceHash(found.version));
  const built = await underLock(join(CACHE, "lock"), () => buildInto(folder));
  // Once for a whole run: processes that this one starts inherit the mark.
  if (built.messagePack === "ours" && process.env[TOLD] === undefined) {
    process.env[TOLD] = "1";
    console.log(
      "ASP.NET Core server: Microsoft.AspNetCore.SignalR.Protocols.MessagePack cannot be restored here; built with our own.",
    );
  }
  return built;
}

async function buildInto(folder: string): Promise<AspNetCoreBuild> {
  const earlier = readBuild(folder);
  if (earlier !== undefined) return earlier;
  // Complete before it has its name: whoever finds the folder may use it, even if this process is killed now.
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const messagePack: MessagePackChoice = (await packageCanBeRestored(draft)) ? "package" : "ours";
  const switches = ["-c", "Release", "-v", "quiet", ...switchesFor(draft, messagePack)];
  // No build server may stay behind: it would outlive the test run.
  await dotnet(["build", ...switches, "-nodeReuse:false", "-p:UseSharedCompilation=false"], BUILD_LIMIT_MS);
  writeFileSync(join(draft, RECORD), JSON.stringify({ messagePack }));
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return buildIn(folder, messagePack);
}

function readBuild(folder: string): AspNetCoreBuild | undefined {
  const record = join(folder, RECORD);
  if (!existsSync(record)) return undefined;
  const { messagePack } = JSON.parse(readFileSync(record, "utf8")) as { messagePack: MessagePackChoice };
  return buildIn(folder, messagePack);
}

function buildIn(folder: string, messagePack: MessagePackChoice): AspNetCoreBuild {
  return {
    assembly: join(folder, messagePack, "bin/AspNetCoreServer/release/AspNetCoreServer.dll"),
    messagePack,
  };
}

async function packageCanBeRestored(folder: string): Promise<boolean> {
  try {
    await dotnet(
      ["restore", "-v", "quiet", ...switchesFor(folder, "package"), "-nodeReuse:false"],
      RESTORE_LIMIT_MS,
    );
    return true;
  } catch {
    // A closed network, a feed without the package, a feed that hangs: the answer is the same, and it is printed.
    return false;
  }
}

function switchesFor(folder: string, messagePack: MessagePackChoice): string[] {
  return ["--artifacts-path", join(folder, messagePack), `-p:MessagePackHubProtocol=${messagePack}`];
}

function dotnet(args: readonly string[], timeout: number): Promise<void> {
  const options = { cwd: PROJECT, env: ENVIRONMENT, timeout, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile("dotnet", args, options, (error, stdout) => {
      if (error === null) resolve();
      else reject(new Error(`dotnet ${args[0]} failed:\n${stdout}`, { cause: error }));
    });
  });
}

/** Pages are served from the sources, so only what is compiled counts. */
function sourceHash(sdkVersion: string): string {
  const files = readdirSync(PROJECT, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.(cs|csproj)$/.test(path) && !/^(bin|obj)\//.test(path))
    .sort();
  const hash = createHash("sha256").update(sdkVersion);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(PROJECT, file)));
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
      reject(new Error(`The ASP.NET Core server ${what}.\n${complaints}`));
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
