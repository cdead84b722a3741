import type { SocketClosed } from "../capture-event.ts";
import { mayBeHubUrl } from "../wire/detect-protocol.ts";
import type { ConnectionList, ConnectionTrack } from "./connection-list.ts";
import { hubPathOf, hubUrlOfSocket, isSameEndpoint } from "./hub-url.ts";
import { hubNameOf } from "./payload-reader.ts";
import type { ForeignSocket } from "./web-sockets.ts";

/**
 * Whether a socket that has said nothing was an attempt to reach a hub. It never opened, so that only its address can
 * tell, or that the user had it fail: only hubs' are made to.
 */
export function isHubAttempt(
  connections: ConnectionList,
  { url, openingAt, openedAt }: ForeignSocket,
  { act }: SocketClosed,
): boolean {
  if (openingAt === undefined || openedAt !== undefined) return false;
  if (act === "refused" || mayBeHubUrl(url)) return true;
  const hub = hubUrlOfSocket(url, undefined);
  for (const { view } of connections.all()) {
    if (hubNameOf(view.protocol) !== undefined && isSameEndpoint(view.url, hub)) return true;
  }
  return false;
}

/** A client that tries again and again, each time in vain, has one connection that it does not get. */
export function connectionOfAttempt(
  connections: ConnectionList,
  { url, origin, openingAt }: ForeignSocket,
): ConnectionTrack {
  const hub = hubUrlOfSocket(url, undefined);
  let latest: ConnectionTrack | undefined;
  for (const track of connections.all()) {
    const { view } = track;
    if (view.url === hub && view.origin?.document === origin?.document) latest = track;
  }
  if (latest?.view.state.kind === "closed" && latest.view.state.isUnopened === true) return latest;
  return connections.create({
    url: hub,
    hubPath: hubPathOf(hub),
    state: { kind: "opening" },
    startedAt: openingAt ?? 0,
    ...(origin && { origin }),
  });
}
