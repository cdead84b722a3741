/** Versions of the classic protocol: what a client asks for, and what a server makes of it. */

/** The least that a server 2.4.x answers. */
const OLDEST_PROTOCOL = "1.2";

/** The most that it answers: never 2.1. */
const NEWEST_PROTOCOL = "2.0";

/** The newest that any client knows. */
const NEWEST_OF_CLIENTS = "2.1";

/** The first that has a start request. */
const FIRST_WITH_START = "1.4";

type Version = readonly number[];

/** As the server: `asked` within its bounds; the oldest where it is no version. */
export function resolveProtocol(
  asked: string,
  oldest: string = OLDEST_PROTOCOL,
  newest: string = NEWEST_PROTOCOL,
): string {
  const version = parseVersion(asked);
  if (version === undefined || compare(version, parseVersion(oldest) ?? []) < 0) return oldest;
  if (compare(version, parseVersion(newest) ?? []) > 0) return newest;
  return version.join(".");
}

/** True where the start request belongs to connecting, and `S` says that the channel is up. */
export function hasStartRequest(protocolVersion: string): boolean {
  const version = parseVersion(protocolVersion);
  return version !== undefined && compare(version, parseVersion(FIRST_WITH_START) ?? []) >= 0;
}

/** True for a version that no client was ever made for. */
export function isBeyondClients(protocolVersion: string): boolean {
  const version = parseVersion(protocolVersion);
  return version !== undefined && compare(version, parseVersion(NEWEST_OF_CLIENTS) ?? []) > 0;
}

/** `System.Version`: two to four numbers of 31 bits, white space and a plus before each allowed. */
function parseVersion(text: string): Version | undefined {
  const parts = text.split(".", 5);
  if (parts.length < 2 || parts.length > 4) return undefined;
  const version: number[] = [];
  for (const part of parts) {
    const digits = part.trim().replace(/^\+/, "");
    if (!/^\d+$/.test(digits) || Number(digits) > 0x7fff_ffff) return undefined;
    version.push(Number(digits));
  }
  return version;
}

/** A missing part comes before 0, so 2.0.0 is beyond 2.0. */
function compare(one: Version, other: Version): number {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const difference = (one[at] ?? -1) - (other[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
