import { bare } from "../channel/natives.ts";

const { construct, defineProperty, getOwnPropertyDescriptor } = Reflect;

/** Makes the native object with what the page gave, or with other arguments. */
type Make<T> = (args?: readonly unknown[]) => T;

type Class<T> = new (...args: never[]) => T;

/**
 * Puts a Proxy in place of `scope[name]`, and of its prototype's `constructor`: same name, length, statics, descriptors,
 * errors and subclasses. `around` gets the native construction; what it returns or throws is what the page gets.
 */
export function replaceClass<Name extends string, T extends object>(
  scope: { readonly [K in Name]: Class<T> },
  name: Name,
  around: (make: Make<T>, args: readonly unknown[]) => T,
): void {
  const native = scope[name];
  // Without a prototype: a trap is looked up by name, and the page may have put `get` or `has` on every object.
  const traps: ProxyHandler<Class<T>> = bare({
    construct(target, args: unknown[], newTarget) {
      const made = newTarget === hooked ? target : newTarget;
      return around((given = args) => construct(target, given, made) as T, args);
    },
  });
  const hooked: Class<T> = new Proxy(native, traps);
  const prototype = native.prototype as object;
  defineProperty(scope, name, { ...getOwnPropertyDescriptor(scope, name), value: hooked });
  defineProperty(prototype, "constructor", {
    ...getOwnPropertyDescriptor(prototype, "constructor"),
    value: hooked,
  });
}
