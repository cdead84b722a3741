/**
 * Classic SignalR by a glance, and told from ASP.NET Core SignalR. Imports nothing, looks at the beginning only.
 *
 * @module
 */

/** A negotiate request of a classic client: it names its protocol, which ASP.NET Core's clients do not. */
export function isClassicNegotiateUrl(url: string): boolean {
  const [path = "", query = ""] = url.split("#", 1)[0]?.split("?", 2) ?? [];
  return /\/negotiate$/i.test(path) && /(?:^|&)(?:clientProtocol|connectionData)=/.test(query);
}

/** The answer of a classic server, also to a client of ASP.NET Core. 1.0 and later; before, no token was sent. */
export function isClassicNegotiateResponse(body: string): boolean {
  const head = body.slice(0, 4096);
  return (
    /"ProtocolVersion"\s*:\s*"/.test(head) &&
    /"(?:ConnectionToken|ConnectionId|RedirectUrl|Error)"/.test(head)
  );
}

/** The WebSocket of a classic connection. */
export function isClassicSocketUrl(url: string): boolean {
  return isClassicChannelUrl(url) && /[?&]transport=webSockets(?:&|$)/i.test(url);
}

/** Any request of a classic connection that has been negotiated. Before 1.0 there was no token, only the ID. */
export function isClassicChannelUrl(url: string): boolean {
  return (
    (/[?&]transport=[A-Za-z]+/.test(url) && /[?&]connectionToken=/.test(url)) ||
    (/[?&]transport=(?:webSockets|serverSentEvents|foreverFrame|longPolling)(?:&|$)/.test(url) &&
      /[?&]connectionId=/.test(url))
  );
}

/** The page of a forever frame. */
export function isForeverFrameUrl(url: string): boolean {
  return isClassicChannelUrl(url) && /[?&]transport=foreverFrame(?:&|$)/i.test(url);
}

/** Data of the first event of a classic event stream. */
export function isClassicStreamStart(data: string): boolean {
  return data === "initialized";
}

/** A message of a classic server: `{}`, an envelope with a cursor, or a reply. */
export function looksLikeClassicServerText(text: string): boolean {
  const head = text.slice(0, 256);
  return /^\s*(?:\{\}\s*$|\{"C":"[ds]-|\{"(?:S":\{|R":)|\{"I":(?:"|null)|\{"MessageId":)/.test(head);
}

/** A hub call: the four letters, in either client's order. */
export function looksLikeClassicCall(text: string): boolean {
  const head = text.slice(0, 512);
  return /^\s*\{\s*"H"\s*:\s*"[^"]*"\s*,\s*"M"\s*:\s*"|^\s*\{\s*"I"\s*:\s*"[^"]*"\s*,\s*"H"\s*:\s*"/.test(
    head,
  );
}

/** The first chunk of a forever frame. */
export function isForeverFrameStart(text: string): boolean {
  return text.slice(0, 1024).includes("SignalR Forever Frame Transport Stream");
}

/** The generated proxies at `/hubs` or `/js`. */
export function isHubsScript(script: string): boolean {
  return script.includes("createHubProxies") || script.includes("createHubProxy(");
}
