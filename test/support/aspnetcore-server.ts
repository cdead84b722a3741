import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DotNetServer,
  dotnet,
  installedSdk,
  serverCache,
  serverProject,
  sourceHash,
  startDotNetServer,
} from "./dotnet-server.ts";
import { underLock } from "./file-lock.ts";

export { dotNetSkipReason } from "./dotnet-server.ts";

/** Which implementation of the hub protocol "messagepack" the server was built with: Microsoft's package or ours. */
export type MessagePackChoice = "package" | "ours";

export interface AspNetCoreBuild {
  /** The assembly to start with `dotnet`. */
  readonly assembly: string;
  readonly messagePack: MessagePackChoice;
}

export type AspNetCoreServer = DotNetServer;

const PROJECT = serverProject("aspnetcore");
const CACHE = serverCache("aspnetcore");
/** Lies in a finished build; says what it was built with. */
const RECORD = "built.json";
const RESTORE_LIMIT_MS = 120_000;
const BUILD_LIMIT_MS = 300_000;

let building: Promise<AspNetCoreBuild> | undefined;

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
  return startDotNetServer(PROJECT, assembly, options.args);
}

const TOLD = "HUBSCOPE_TOLD_MESSAGEPACK";

async function build(): Promise<AspNetCoreBuild> {
  const found = installedSdk();
  if ("missing" in found) throw new Error(found.missing);
  const folder = join(CACHE, sourceHash(found.version, PROJECT));
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
  await dotnet(
    PROJECT,
    ["build", ...switches, "-nodeReuse:false", "-p:UseSharedCompilation=false"],
    BUILD_LIMIT_MS,
  );
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
      PROJECT,
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
