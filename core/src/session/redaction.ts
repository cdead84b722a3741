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
    .replace(/([?&#])([^=&#?]*)=([^&#]*)/g, (pair, mark: string, name: string, value: string) =>
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

const SECRET_PROPERTY = /"(?:connectionToken|accessToken|access_token)"\s*:\s*"/gi;
const CONNECTION_ID = /"connectionId"\s*:\s*"/gi;
const PARAMETER_IN_TEXT = /([?&](?:id|access_token)=)[^&\s"'\\#<>]+/gi;
const BEARER = /(\bBearer\s+)[\w.~+/=-]+/gi;
/** `G` of a classic envelope: all groups of the client, in a form that the server takes back. */
const GROUPS_TOKEN = /"G"\s*:\s*"(?=[\w+/=-]{20})/g;
const NO_BASE64 = /[^\w+/=-]/;
/**
 * What ASP.NET Core's data protection writes begins so, in either alphabet of base64: Blazor's circuit secrets and
 * application state, bearer tokens and cookies are made by it.
 */
const PROTECTED = /\bCfDJ8[\w+/-]{16}[\w+/=-]*/g;
const WEB_TOKEN_START = "eyJ";
const WEB_TOKEN_HEADER = 11;

/**
 * A body or message text with its secrets replaced: the tokens of a negotiate answer (the connection ID too where
 * it is the token, version 0), tokens in URLs and headers, JSON web tokens, circuit secrets. A property that the text cuts
 * off is a secret to the end. Takes time linear in the text, whatever it holds.
 */
export function redactText(text: string): string {
  const others = withoutValues(withoutValues(text, SECRET_PROPERTY), GROUPS_TOKEN, NO_BASE64)
    .replace(PARAMETER_IN_TEXT, `$1${REDACTED}`)
    .replace(BEARER, `$1${REDACTED}`)
    .replace(PROTECTED, REDACTED);
  const known = withoutWebTokens(others);
  const isVersion0 = /"availableTransports"/i.test(text) && !/"connectionToken"/i.test(text);
  return isVersion0 ? withoutValues(known, CONNECTION_ID) : known;
}

/**
 * Without the JSON strings that `opening`, a global pattern up to their quote, opens. One pattern for the string too would
 * note each escape to come back to it, and a long string overflows the platform's stack. Strings that `unless` finds
 * something in are no secrets.
 */
function withoutValues(text: string, opening: RegExp, unless?: RegExp): string {
  let kept = "";
  let from = 0;
  opening.lastIndex = 0;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const start = opening.lastIndex;
    const end = endOfString(text, start);
    opening.lastIndex = end;
    if (end === start || unless?.test(text.slice(start, end)) === true) continue;
    kept += text.slice(from, start) + REDACTED;
    from = end;
  }
  return from === 0 ? text : kept + text.slice(from);
}

/** Where the quote is that ends the string whose content begins at `start`; the end of the text where there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) return at;
    if (unit === 0x5c) at++;
  }
  return text.length;
}

/** A pattern would look at a long word once for each place where a token might begin. */
function withoutWebTokens(text: string): string {
  let kept = "";
  let from = 0;
  for (let at = text.indexOf(WEB_TOKEN_START); at >= 0; ) {
    let next = at + WEB_TOKEN_START.length;
    if (at === 0 || !/\w/.test(text.charAt(at - 1))) {
      const header = endOfPart(text, at);
      const payload = text[header] === "." ? endOfPart(text, header + 1) : header;
      // Where this is none, none begins in the same word.
      next = header;
      if (header - at >= WEB_TOKEN_HEADER && payload > header + 1 && text[payload] === ".") {
        kept += text.slice(from, at) + REDACTED;
        next = endOfPart(text, payload + 1);
        from = next;
      }
    }
    at = text.indexOf(WEB_TOKEN_START, next);
  }
  return from === 0 ? text : kept + text.slice(from);
}

/** Where the base64url that begins at `start` ends. */
function endOfPart(text: string, start: number): number {
  let end = start;
  while (end < text.length && isBase64Url(text.charCodeAt(end))) end++;
  return end;
}

/** Letters, digits, `-` and `_`. */
function isBase64Url(unit: number): boolean {
  const lower = unit | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit === 0x2d || unit === 0x5f;
}
