/**
 * Secrets taken out of what is shown, copied and exported: access tokens, connection tokens (whoever has one can
 * send on the connection), Blazor's circuit secrets.
 *
 * @module
 */

/** What stands for a secret. */
export const REDACTED = "•••";

const SECRET_PARAMETER =
  /^(?:id|access_token|accesstoken|connectiontoken|connectionid|groupstoken|token|asrs_request_id|sig|code|password)$/;

/** A URL with its user info and the values of its secret parameters replaced. Text that is no URL is kept. */
export function redactUrl(url: string): string {
  return url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, `$1${REDACTED}@`)
    .replace(/([?&#])([^=&#]*)=([^&#]*)/g, (pair, mark: string, name: string, value: string) =>
      value !== "" && SECRET_PARAMETER.test(plain(name).toLowerCase()) ? `${mark}${name}=${REDACTED}` : pair,
    );
}

function plain(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A stray % is not an escape.
    return name;
  }
}

const SECRET_PROPERTY = /("(?:connectionToken|accessToken|access_token)"\s*:\s*")((?:[^"\\]|\\.)*)(?=")/gi;
const CONNECTION_ID = /("connectionId"\s*:\s*")((?:[^"\\]|\\.)*)(?=")/gi;
const PARAMETER_IN_TEXT = /([?&](?:id|access_token)=)[^&\s"'\\#<>]+/gi;
const BEARER = /(\bBearer\s+)[\w.~+/-]+=*/gi;
/** `G` of a classic envelope: all groups of the client, in a form that the server takes back. */
const GROUPS_TOKEN = /("G"\s*:\s*")[\w+/=-]{20,}(?=")/g;
/**
 * What ASP.NET Core's data protection writes begins so, in either alphabet of base64: Blazor's circuit secrets and
 * application state, bearer tokens and cookies are made by it.
 */
const PROTECTED = /\bCfDJ8[\w+/-]{16,}=*/g;
const WEB_TOKEN = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;

/**
 * A body or message text with its secrets replaced: the tokens of a negotiate answer (the connection ID too where
 * it is the token, version 0), tokens in URLs and headers, JSON web tokens, circuit secrets.
 */
export function redactText(text: string): string {
  const known = text
    .replace(SECRET_PROPERTY, `$1${REDACTED}`)
    .replace(PARAMETER_IN_TEXT, `$1${REDACTED}`)
    .replace(GROUPS_TOKEN, `$1${REDACTED}`)
    .replace(BEARER, `$1${REDACTED}`)
    .replace(PROTECTED, REDACTED)
    .replace(WEB_TOKEN, REDACTED);
  const isVersion0 = /"availableTransports"/i.test(text) && !/"connectionToken"/i.test(text);
  return isVersion0 ? known.replace(CONNECTION_ID, `$1${REDACTED}`) : known;
}
