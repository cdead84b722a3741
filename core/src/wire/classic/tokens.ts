/**
 * Tokens before the host protects them. Most hosts encrypt; some test hosts do not, and then the text can be read.
 * Both are secrets.
 *
 * @module
 */
import { readJson } from "../json/read-text.ts";

const CONNECTION_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** `connection ID ":" user name`; undefined where the token is protected. */
export function parseConnectionToken(
  token: string,
): { readonly connectionId: string; readonly user: string } | undefined {
  const parts = partsOf(token);
  return parts === undefined ? undefined : { connectionId: parts.connectionId, user: parts.rest };
}

/** `connection ID ":" ["Hub.group", …]`; undefined where the token is protected. */
export function parseGroupsToken(
  token: string,
): { readonly connectionId: string; readonly groups: readonly string[] } | undefined {
  const parts = partsOf(token);
  const groups = parts === undefined ? undefined : readJson(parts.rest, []);
  if (parts === undefined || !Array.isArray(groups)) return undefined;
  if (!groups.every((group) => typeof group === "string")) return undefined;
  return { connectionId: parts.connectionId, groups };
}

function partsOf(token: string): { readonly connectionId: string; readonly rest: string } | undefined {
  const colon = token.indexOf(":");
  const connectionId = token.slice(0, Math.max(0, colon));
  return CONNECTION_ID.test(connectionId) ? { connectionId, rest: token.slice(colon + 1) } : undefined;
}
