/**
 * Lists and stores that run no code of the page: it may have replaced every method of `Array` and `Map`, what they are
 * iterated with, and may have put a setter on a number of `Array.prototype`.
 *
 * @module
 */
import { getter, method } from "../channel/natives.ts";

const { defineProperty } = Reflect;

/** As `push`. */
export function append<T>(list: T[], item: T): void {
  const place = { __proto__: null, value: item, writable: true, enumerable: true, configurable: true };
  defineProperty(list, list.length, place);
}

export function appendAll<T>(list: T[], items: readonly T[]): void {
  for (let at = 0; at < items.length; at++) append(list, items[at] as T);
}

/** As `includes`, for texts and undefined. */
export function isAmong(list: readonly unknown[], item: unknown): boolean {
  for (let at = 0; at < list.length; at++) if (list[at] === item) return true;
  return false;
}

/** As `map`, without what `change` makes nothing of. */
export function changed<From, To>(list: readonly From[], change: (item: From) => To | undefined): To[] {
  const made: To[] = [];
  for (let at = 0; at < list.length; at++) {
    const item = change(list[at] as From);
    if (item !== undefined) append(made, item);
  }
  return made;
}

/** A Map, in the order in which its keys were put. */
export interface KeyedStore<Value> {
  readonly size: number;
  find(key: string): Value | undefined;
  has(key: string): boolean;
  put(key: string, value: Value): void;
  forget(key: string): void;
  forgetOldest(): void;
  forgetAll(): void;
  /** As it is now: what is put or forgotten meanwhile changes nothing. */
  entries(): readonly { readonly key: string; readonly value: Value }[];
}

type Entries = Map<string, unknown>;

const { prototype } = Map;
const sizeOf = getter(prototype as Entries, "size");
const nativeGet = method(prototype.get as (this: Entries, key: string) => unknown);
const nativeHas = method(prototype.has as (this: Entries, key: string) => boolean);
const nativeSet = method(prototype.set as (this: Entries, key: string, value: unknown) => Entries);
const nativeDelete = method(prototype.delete as (this: Entries, key: string) => boolean);
const nativeClear = method(prototype.clear as (this: Entries) => void);
const nativeKeys = method(prototype.keys as (this: Entries) => Iterator<string>);
const nativeNext = method(
  new Map<string, unknown>().keys().next as (this: Iterator<string>) => IteratorResult<string>,
);
const nativeForEach = method(
  prototype.forEach as (this: Entries, visit: (value: unknown, key: string) => void) => void,
);
const NativeMap = Map;

export function createKeyedStore<Value>(): KeyedStore<Value> {
  const map = new NativeMap<string, unknown>();
  return {
    get size() {
      return sizeOf(map);
    },
    find: (key) => nativeGet(map, key) as Value | undefined,
    has: (key) => nativeHas(map, key),
    put: (key, value) => {
      nativeSet(map, key, value);
    },
    forget: (key) => {
      nativeDelete(map, key);
    },
    forgetOldest() {
      const { done, value } = nativeNext(nativeKeys(map));
      if (done !== true) nativeDelete(map, value);
    },
    forgetAll: () => nativeClear(map),
    entries() {
      const list: { readonly key: string; readonly value: Value }[] = [];
      nativeForEach(map, (value, key) => append(list, { key, value: value as Value }));
      return list;
    },
  };
}
