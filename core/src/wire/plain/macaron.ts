/** What go-macaron/sockets and beatrichartz/martini-sockets do beyond carrying messages. The two are one code. */

/** Defaults of a server. */
export const MACARON = {
  /** Bytes of an incoming message; more closes with 1009. */
  maxMessageSize: 65_536,
  /** Seconds between two ticks of pings with an empty payload. */
  pingPeriod: 48,
  /** Pings a tick: a server of strings or bytes sends two by mistake. */
  pingsPerTick: { text: 2, bytes: 2, json: 1 },
} as const;

/**
 * The server's own check, `https?://host$`: neither anchored at the start, nor are the dots of the host escaped. A
 * request without an origin is refused.
 */
export function isMacaronOriginAllowed(origin: string, host: string): boolean {
  const dotsOpen = host.replace(/[\\^$*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`https?://${dotsOpen}$`).test(origin);
}

/** Why such a server closes. */
export type MacaronClose =
  /** A message was over the limit. */
  | "message-too-big"
  /** Any error of reading, writing or JSON. 1006 must not be sent: strict clients report a protocol error. */
  | "server-error"
  /** The server's handler asked for it, or the client's own code came back. */
  | "asked-for";

/** What a close code means that such a server has sent. */
export function macaronClose(code: number): MacaronClose {
  if (code === 1009) return "message-too-big";
  return code === 1006 ? "server-error" : "asked-for";
}
