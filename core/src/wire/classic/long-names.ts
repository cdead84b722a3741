/**
 * Calls and replies of 0.5.x, whose members were written in full; the envelope of then is in `envelope.ts`. Source:
 * jquery.signalR and its generated proxies 0.4 and 0.5, which write the calls and read the replies. No recording of a server.
 *
 * @module
 */
import type { DecodeIssue } from "../decode-issue.ts";
import type { WireValue } from "../hub-message.ts";
import type { JsonObject } from "../json/fields.ts";
import { createMembers, has, type Members, refuse, rest, take } from "./members.ts";
import type { HubError, HubResult } from "./message.ts";

/** How the members of a call are written. */
export interface CallNames {
  readonly hub: string;
  readonly method: string;
  readonly list: string;
  readonly id: string;
  readonly state: string;
  readonly isLong: boolean;
}

const LETTERS: CallNames = { hub: "H", method: "M", list: "A", id: "I", state: "S", isLong: false };
const LONG_NAMES: CallNames = {
  hub: "hub",
  method: "method",
  list: "args",
  id: "id",
  state: "state",
  isLong: true,
};

/** 0.5.x, with the letters absent. 0.4 and before said `action` and `data`, which nobody else does beside a `hub`. */
export function callNamesOf(members: Members): CallNames {
  if (has(members, "H") || !has(members, "hub")) return LETTERS;
  if (has(members, "method")) return LONG_NAMES;
  return has(members, "action") ? { ...LONG_NAMES, method: "action", list: "data" } : LETTERS;
}

/** 0.5.x and before write all five names always. */
export function isLegacyReply(object: JsonObject): boolean {
  return Object.hasOwn(object, "Id") && Object.hasOwn(object, "Result") && Object.hasOwn(object, "Error");
}

/** Null stands for what is not there: a result, an error, a state. An empty text is no error to the client of then. */
export function legacyReplyOf(object: JsonObject, issues: DecodeIssue[]): HubResult | HubError {
  const members = createMembers(object, issues);
  const id = take(members, "Id");
  const error = takeUnlessNull(members, "Error");
  const result = takeUnlessNull(members, "Result");
  const state = takeUnlessNull(members, "State");
  const stackTrace = takeUnlessNull(members, "StackTrace");
  const known = { ...(state === undefined ? undefined : { state }), hasLongNames: true } as const;
  if (typeof error !== "string" || error === "") {
    if (error !== undefined) refuse(members, "Error", "unusual-field");
    if (stackTrace !== undefined) members.used.delete("StackTrace");
    return {
      kind: "hub-result",
      id,
      ...(result === undefined ? undefined : { result }),
      ...known,
      ...rest(members),
    };
  }
  if (result !== undefined) members.used.delete("Result");
  if (typeof stackTrace !== "string" && stackTrace !== undefined)
    refuse(members, "StackTrace", "unusual-field");
  return {
    kind: "hub-error",
    id,
    error,
    isHubException: false,
    ...(typeof stackTrace === "string" ? { stackTrace } : undefined),
    ...known,
    ...rest(members),
  };
}

function takeUnlessNull(members: Members, name: string): WireValue {
  return take(members, name) ?? undefined;
}
