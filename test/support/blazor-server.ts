import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  type DotNetServer,
  dotNetSkipReason,
  dotnet,
  installedSdk,
  serverCache,
  serverProject,
  sourceHash,
  startDotNetServer,
} from "./dotnet-server.ts";
import { underLock } from "./file-lock.ts";

/** A build to start, or why there can be none here, in one sentence. */
export type BlazorBuild = { readonly assembly: string } | { readonly missing: string };

const PROJECT = serverProject("blazor");
const CACHE = serverCache("blazor");
/** The first time, three packages of some 100 MB come from the registry. */
const RESTORE_LIMIT_MS = 240_000;
const BUILD_LIMIT_MS = 300_000;

let building: Promise<BlazorBuild> | undefined;

/**
 * Builds the server once for its present sources, whichever process asks first. The browser's script is in the runtime
 * pack of .NET 9, a package: where that cannot be restored, nothing can be built.
 */
export function buildBlazorServer(): Promise<BlazorBuild> {
  building ??= build();
  return building;
}

/** Starts it on a free port of 127.0.0.1. It ends when this process ends. */
export function startBlazorServer(build: { readonly assembly: string }): Promise<DotNetServer> {
  return startDotNetServer(PROJECT, build.assembly);
}

async function build(): Promise<BlazorBuild> {
  const found = installedSdk();
  if ("missing" in found) return { missing: dotNetSkipReason() ?? found.missing };
  // A source file of the other server is compiled in.
  const folder = join(CACHE, sourceHash(found.version, PROJECT, serverProject("aspnetcore")));
  return underLock(join(CACHE, "lock"), () => buildInto(folder));
}

async function buildInto(folder: string): Promise<BlazorBuild> {
  const assembly = join(folder, "bin/BlazorServer/release/BlazorServer.dll");
  if (existsSync(assembly)) return { assembly };
  // Complete before it has its name: whoever finds the folder may use it, even if this process is killed now.
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const switches = ["-v", "quiet", "--artifacts-path", draft, "-nodeReuse:false"];
  try {
    await dotnet(PROJECT, ["restore", ...switches], RESTORE_LIMIT_MS);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    const [reason = ""] = /NU\d+:[^\n]*/.exec(String(error)) ?? [];
    return {
      missing: `The runtime pack of .NET 9, which has Blazor's script, cannot be restored here: the suites with the real Blazor Server are skipped. ${reason}`,
    };
  }
  const own = ["-c", "Release", "-p:UseSharedCompilation=false"];
  await dotnet(PROJECT, ["build", ...own, ...switches], BUILD_LIMIT_MS);
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return { assembly };
}
