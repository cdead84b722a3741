import type { Guard } from "./channel.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Checked elsewhere, or not at all. */
export function isAnything(_value: unknown): _value is unknown {
  return true;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isTextWithin(limit: number): Guard<string> {
  return (value): value is string => typeof value === "string" && value.length <= limit;
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A count, a position or a size. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
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
  return (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= limit && isWhole(value) && value.every((item) => guard(item));
}

/** `every` and its kin pass over holes. */
function isWhole(list: readonly unknown[]): boolean {
  for (let at = 0; at < list.length; at++) if (!(at in list)) return false;
  return true;
}

export function hasShape<T>(shape: { readonly [K in keyof T]-?: Guard<T[K]> }): Guard<T> {
  const names = Object.keys(shape) as (keyof T & string)[];
  return (value): value is T => isFields(value) && names.every((name) => shape[name](value[name]));
}

/** Nothing but these: what has no name here has no size that anybody counts. */
export function hasExactShape<T>(shape: { readonly [K in keyof T]-?: Guard<T[K]> }): Guard<T> {
  const has = hasShape<T>(shape);
  return (value): value is T =>
    has(value) && Object.keys(value as object).every((name) => Object.hasOwn(shape, name));
}

export const isId: Guard<string> = isTextWithin(64);
export const MAX_URL_LENGTH: number = 64 * 1024;
/** What a platform says of a fault; a page may say more when it aborts. */
export const MAX_ERROR_LENGTH = 10_000;
export const isUrlText: Guard<string> = isTextWithin(MAX_URL_LENGTH);
