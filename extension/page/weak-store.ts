/** A WeakMap whose methods the page cannot reach. */
export interface WeakStore<Key extends WeakKey, Value> {
  find(key: Key): Value | undefined;
  put(key: Key, value: Value): void;
  forget(key: Key): void;
}

const { apply } = Reflect;
const { get: nativeGet, set: nativeSet, delete: nativeDelete } = WeakMap.prototype;

export function createWeakStore<Key extends WeakKey, Value>(): WeakStore<Key, Value> {
  const map = new WeakMap<Key, Value>();
  return {
    find: (key) => apply(nativeGet, map, [key]) as Value | undefined,
    put: (key, value) => {
      apply(nativeSet, map, [key, value]);
    },
    forget: (key) => {
      apply(nativeDelete, map, [key]);
    },
  };
}
