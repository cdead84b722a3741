import type { Guard } from "./channel.ts";

/** Taken at the start: in the page hook they check what the relay says, in a world where the page may have replaced them. */
const { isArray } = Array;
const { isFinite: isFiniteNumber, isSafeInteger } = Number;
const { hasOwn, keys } = Object;

export type Fields = Readonly<Record<string, unknown>>;

/** Checked elsewhere, or not at all. */
export function isAnything(_value: unknown): _value is unknown {
  return true;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !isArray(value);
}

export function isTextWithin(limit: number): Guard<string> {
  return (value): value is string => typeof value === "string" && value.length <= limit;
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && isFiniteNumber(value);
}

/** A count, a position or a size. */
export function isCount(value: unknown): value is number {
  return isSafeInteger(value) && (value as number) >= 0;
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** JSON ports turn an absent body into null. */
export function isNothing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

export function isOptional<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value);
}

export function isListOf<T>(guard: Guard<T>, limit: number): Guard<readonly T[]> {
  return (value): value is readonly T[] => isArray(value) && value.length <= limit && areAll(value, guard);
}

/** A hole is none of them. */
function areAll(list: readonly unknown[], guard: Guard<unknown>): boolean {
  for (let at = 0; at < list.length; at++) if (!(at in list) || !guard(list[at])) return false;
  return true;
}

export function hasShape<T>(shape: { readonly [K in keyof T]-?: Guard<T[K]> }): Guard<T> {
  const names = keys(shape) as (keyof T & string)[];
  return (value): value is T => {
    if (!isFields(value)) return false;
    for (let at = 0; at < names.length; at++) {
      const name = names[at];
      if (name === undefined || !shape[name](value[name])) return false;
    }
    return true;
  };
}

/** Nothing but these: what has no name here has no size that anybody counts. */
export function hasExactShape<T>(shape: { readonly [K in keyof T]-?: Guard<T[K]> }): Guard<T> {
  const has = hasShape<T>(shape);
  return (value): value is T => {
    if (!has(value)) return false;
    const names = keys(value as object);
    for (let at = 0; at < names.length; at++) if (!hasOwn(shape, names[at] ?? "")) return false;
    return true;
  };
}

export const isId: Guard<string> = isTextWithin(64);
export const MAX_URL_LENGTH: number = 64 * 1024;
/** What a platform says of a fault; a page may say more when it aborts. */
export const MAX_ERROR_LENGTH = 10_000;
export const isUrlText: Guard<string> = isTextWithin(MAX_URL_LENGTH);
