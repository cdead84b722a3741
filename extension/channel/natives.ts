/**
 * The platform's functions as they were when this script started. A page (zone.js, fake timers, polyfills, another
 * extension) may patch them later; what was taken here stays native and stays unseen.
 *
 * @module
 */
const { apply, getOwnPropertyDescriptor } = Reflect;

/** A method as a function of its `this`. */
export function method<This, Args extends readonly unknown[], Result>(
  fn: (this: This, ...args: Args) => Result,
): (self: This, ...args: Args) => Result {
  return (self, ...args) => apply(fn, self, args) as Result;
}

/** A prototype's accessor as a function of its `this`. Throws for an object of another kind, as the accessor does. */
export function getter<T extends object, K extends keyof T & string>(
  prototype: T,
  name: K,
): (self: T) => T[K] {
  const read = getOwnPropertyDescriptor(prototype, name)?.get;
  if (read === undefined) throw new TypeError(`${name} is no accessor`);
  return (self) => apply(read, self, []) as T[K];
}
