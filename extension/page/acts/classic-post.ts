/**
 * How a page of classic SignalR sends where its transport only receives: by a POST to `{base}/send` with a form. What
 * all requests of a connection have in common is in the address of any of them.
 *
 * @module
 */
import { bare } from "../../channel/natives.ts";
import type { PagePost } from "../interceptor.ts";
import { isAmong } from "../lists.ts";
import { lowerCase, placeIn, sliceText, startsText } from "../text-natives.ts";
import { pathEnd, pathOf, queryEnd, queryValues } from "../url-parts.ts";

/** A request of a classic connection. */
export interface ClassicRequest {
  /** Equal for all requests of one connection. */
  readonly key: string;
  /** What sends on this connection. */
  readonly sendUrl: string;
  /** The page sent by this very address; otherwise it was made of that of another request. */
  readonly isSend: boolean;
}

const ACTIONS: readonly string[] = ["connect", "reconnect", "poll", "start", "send", "abort"];
/** Of one request alone: where a channel goes on, what tells it from others, what keeps it from caches, JSONP's. */
const OF_OTHERS: readonly string[] = ["messageid", "groupstoken", "tid", "frameid", "_", "callback", "data"];

const FORM_TYPE = "application/x-www-form-urlencoded; charset=UTF-8";

/**
 * Undefined where the address is no classic channel's. Looks for no patterns: the page may have replaced what they do.
 */
export function classicRequest(url: string, method: string): ClassicRequest | undefined {
  const tokens = queryValues(url, ["connectiontoken"]);
  const token = tokens.length > 0 ? tokens[0] : queryValues(url, ["connectionid"])[0];
  if (token === undefined || queryValues(url, ["transport"]).length === 0) return undefined;
  const path = pathOf(url);
  const action = actionOf(path);
  const base = action === undefined ? path : sliceText(path, 0, path.length - action.length - 1);
  const isSend = action === "send" && method === "POST";
  const query = sliceText(url, pathEnd(url), queryEnd(url));
  return {
    key: `${base}?${token}`,
    sendUrl: `${base}/send${isSend ? query : withoutFields(query)}`,
    isSend,
  };
}

/** The headers of a request of the connection, as its send requests have them. */
export function formHeaders(headers: PagePost["headers"]): PagePost["headers"] {
  const type = headers["content-type"];
  const isForm = type !== undefined && startsText(lowerCase(type), "application/x-www-form-urlencoded");
  return bare({ ...headers, "content-type": isForm ? type : FORM_TYPE });
}

const { encodeURIComponent: encode } = globalThis;
const SPACE = "%20";

/** As jQuery writes it. Throws on a lone surrogate, which no form can carry. */
export function formOf(data: string): string {
  const encoded = encode(data);
  let form = "data=";
  let start = 0;
  for (let space = placeIn(encoded, SPACE); space >= 0; space = placeIn(encoded, SPACE, start)) {
    form += `${sliceText(encoded, start, space)}+`;
    start = space + SPACE.length;
  }
  return form + sliceText(encoded, start);
}

/** Undefined for an address that is itself polled, as in 1.0. */
function actionOf(path: string): string | undefined {
  const lower = lowerCase(path);
  for (let at = 0; at < ACTIONS.length; at++) {
    const action = ACTIONS[at] ?? "";
    const start = lower.length - action.length - 1;
    if (start >= 0 && sliceText(lower, start) === `/${action}`) return action;
  }
  return undefined;
}

/** `query` with its question mark; each field that stays as it is written. */
function withoutFields(query: string): string {
  let kept = "";
  for (let start = 1; start < query.length; ) {
    const mark = placeIn(query, "&", start);
    const end = mark < 0 ? query.length : mark;
    const equals = placeIn(query, "=", start);
    const name = sliceText(query, start, equals < 0 || equals > end ? end : equals);
    if (start < end && !isAmong(OF_OTHERS, lowerCase(name)))
      kept += `${kept === "" ? "?" : "&"}${sliceText(query, start, end)}`;
    start = end + 1;
  }
  return kept;
}
