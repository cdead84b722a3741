const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;

type Calls = (call: () => unknown, self: unknown, args: readonly unknown[]) => unknown;

/**
 * Puts a Proxy in place of `owner[name]`: same name, length, own keys, descriptor and `this` checks. `around` gets the
 * native call; what it returns or throws is what the page gets.
 */
export function replaceMethod(owner: object, name: string, around: Calls): void {
  const descriptor = getOwnPropertyDescriptor(owner, name);
  const native: unknown = descriptor?.value;
  if (typeof native !== "function") return;
  const proxy = new Proxy(native, {
    apply: (target, self, args: unknown[]) => around(() => apply(target, self, args), self, args),
  });
  defineProperty(owner, name, { ...descriptor, value: proxy });
}
