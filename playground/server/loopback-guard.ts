import type { IncomingMessage } from "node:http";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const EXTENSIONS = new Set(["chrome-extension:", "moz-extension:"]);

/**
 * Why a request is refused, or undefined. A page of some other site can make the browser ask this server, under its
 * own name by DNS rebinding: the host has to be a loopback name, and so has the origin where there is one.
 */
export function refusal(request: IncomingMessage): string | undefined {
  const { host, origin } = request.headers;
  if (host === undefined || !isLoopback(`http://${host}`))
    return "This server answers on loopback names only.";
  if (origin !== undefined && !isAllowedOrigin(origin))
    return `Pages from ${origin} may not use this server.`;
  return undefined;
}

/** Pages of this machine, and extensions: the playground may run as either. */
function isAllowedOrigin(origin: string): boolean {
  return isLoopback(origin) || EXTENSIONS.has(protocolOf(origin));
}

function isLoopback(address: string): boolean {
  return URL.canParse(address) && LOOPBACK.test(new URL(address).hostname);
}

function protocolOf(address: string): string {
  return URL.canParse(address) ? new URL(address).protocol : "";
}

/** What lets an allowed page of another origin read the answer, preflights included. */
export function corsHeaders(request: IncomingMessage): Readonly<Record<string, string>> {
  const { origin } = request.headers;
  if (origin === undefined) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "",
    "access-control-allow-methods": "GET, POST, OPTIONS",
    vary: "Origin, Access-Control-Request-Headers",
  };
}
