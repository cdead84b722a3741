import { bare } from "../channel/natives.ts";

const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;

/**
 * Puts a Proxy in place of the getter of `prototype[name]`: same name, keys, descriptor and `this` checks. `read` is
 * told what the page gets, and may not change it.
 */
export function replaceGetter(
  prototype: object,
  name: string,
  read: (value: unknown, self: unknown) => void,
): void {
  const descriptor = getOwnPropertyDescriptor(prototype, name);
  const native = descriptor?.get;
  if (native === undefined) return;
  // Without a prototype: a trap is looked up by name, and the page may have put `get` or `has` on every object.
  const traps: ProxyHandler<typeof native> = bare({
    apply(target, self, args: unknown[]) {
      const value: unknown = apply(target, self, args);
      read(value, self);
      return value;
    },
  });
  defineProperty(prototype, name, bare({ ...descriptor, get: new Proxy(native, traps) }));
}
