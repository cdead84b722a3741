/** The ids of a new connection. Both should be 128 random bits; whoever knows the token can take the connection. */
export interface ConnectionIds {
  readonly connectionId: string;
  /** Secret. Sent back by the client as `id` when it connects. */
  readonly connectionToken: string;
}

/**
 * The body that answers POST {hub}/negotiate, with status 200 and content type application/json: WebSockets only.
 * Versions, names without case and error texts are those of ASP.NET Core. In version 0 the connection ID is also
 * what the client connects with.
 */
export function negotiateAnswer(query: URLSearchParams, ids: ConnectionIds): string {
  const versions = [...query].filter(([name]) => name.toLowerCase() === "negotiateversion");
  const requested = versions.length === 0 ? "0" : versions.map(([, value]) => value).join(",");
  if (!/^\s*[+-]?\d+\s*$/.test(requested)) {
    return JSON.stringify({ error: "The client requested a non-integer protocol version." });
  }
  const version = Number(requested);
  if (version < 0) {
    const error = `The client requested version '${version}', but the server does not support this version.`;
    return JSON.stringify({ error });
  }
  const availableTransports = [{ transport: "WebSockets", transferFormats: ["Text", "Binary"] }];
  const { connectionId, connectionToken } = ids;
  return JSON.stringify(
    version === 0
      ? { negotiateVersion: 0, connectionId, availableTransports }
      : { negotiateVersion: 1, connectionId, connectionToken, availableTransports },
  );
}
