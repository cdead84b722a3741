/**
 * Members of one JSON object of classic SignalR: looked up by their letters, and what nobody asked for is kept.
 *
 * @module
 */
import type { DecodeIssue, DecodeIssueCode } from "../decode-issue.ts";
import type { WireValue } from "../hub-message.ts";
import { type JsonObject, shortJson } from "../json/fields.ts";
import { setOwn } from "../own-property.ts";

/** One object that is being read. */
export interface Members {
  readonly object: JsonObject;
  readonly issues: DecodeIssue[];
  /** Where the object stands in the record, for issues: `` or `M.3.`. */
  readonly path: string;
  /** The names that were understood. */
  readonly used: Set<string>;
  /** Json.NET on the server binds names without case; both official clients do not. */
  readonly ignoresCase: boolean;
}

/** Nothing has been read of it yet. */
export function createMembers(
  object: JsonObject,
  issues: DecodeIssue[],
  options: { readonly path?: string; readonly ignoresCase?: boolean } = {},
): Members {
  const { path = "", ignoresCase = false } = options;
  return { object, issues, path, used: new Set(), ignoresCase };
}

/** The value of a member, undefined where there is none. */
export function take(members: Members, name: string): WireValue {
  const found = nameOf(members, name);
  if (found === undefined) return undefined;
  members.used.add(found);
  return members.object[found];
}

/** There is such a member, whatever its value. */
export function has(members: Members, name: string): boolean {
  return nameOf(members, name) !== undefined;
}

function nameOf({ object, ignoresCase }: Members, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  if (!ignoresCase) return undefined;
  const lower = name.toLowerCase();
  return Object.keys(object).find((key) => key.toLowerCase() === lower);
}

/** The value stays visible in `extra`. */
export function refuse(members: Members, name: string, code: DecodeIssueCode): void {
  const found = nameOf(members, name) ?? name;
  members.used.delete(found);
  const field = members.path + name;
  const value = members.object[found];
  members.issues.push(value === undefined ? { code, field } : { code, field, detail: shortJson(value) });
}

/** A member that must be a string; undefined where it is none, and then kept with an issue. */
export function takeText(members: Members, name: string, code: DecodeIssueCode): string | undefined {
  const value = take(members, name);
  if (typeof value === "string") return value;
  if (value !== undefined) refuse(members, name, code);
  return undefined;
}

/** Absent and null are no list; anything else that is none is kept with an issue. */
export function takeList(
  members: Members,
  name: string,
  code: DecodeIssueCode,
): readonly WireValue[] | undefined {
  const value = take(members, name);
  if (Array.isArray(value)) return value;
  if (value !== undefined && value !== null) refuse(members, name, code);
  return undefined;
}

/** `{ [as]: value }` where the member is there, null included. */
export function present<As extends string>(
  members: Members,
  name: string,
  as: As,
): { readonly [key in As]?: WireValue } {
  const value = take(members, name);
  return value === undefined ? {} : ({ [as]: value } as { readonly [key in As]?: WireValue });
}

/** What nobody has taken, as `extra`; undefined where there is nothing. */
export function rest({ object, used }: Members): { readonly extra: JsonObject } | undefined {
  let extra: Record<string, WireValue> | undefined;
  for (const name of Object.keys(object)) {
    if (used.has(name)) continue;
    extra ??= {};
    setOwn(extra, name, object[name]);
  }
  return extra === undefined ? undefined : { extra };
}
