/**
 * The platform's functions as they were when this script started. A page (zone.js, fake timers, polyfills, another
 * extension) may patch them later; what was taken here stays native and stays unseen.
 *
 * @module
 */
const { apply, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { bind, call } = Function.prototype;

/**
 * Options for the platform, without what the page may have put on every object: it reads them by name, whoever they
 * are from.
 */
export function bare<T extends object>(options: T): T {
  return { __proto__: null, ...options };
}

/** A method as a function of its `this`. Bound, so that a call of it makes no list of arguments. */
export function method<This, Args extends readonly unknown[], Result>(
  fn: (this: This, ...args: Args) => Result,
): (self: This, ...args: Args) => Result {
  return apply(bind, call, [fn]) as (self: This, ...args: Args) => Result;
}

/**
 * A prototype's accessor, its own or inherited, as a function of its `this`. Throws for an object of another kind, as
 * the accessor does, and for every object where there is no accessor: another tool may have put a class of its own in
 * the place of the platform's, and what it left out must cost no more than what needs it.
 */
export function getter<T extends object, K extends keyof T & string>(
  prototype: T,
  name: K,
): (self: T) => T[K] {
  let read: (() => unknown) | undefined;
  for (let at: object | null = prototype; at !== null && read === undefined; at = getPrototypeOf(at)) {
    read = getOwnPropertyDescriptor(at, name)?.get;
  }
  if (read !== undefined) return method(read as (this: T) => T[K]);
  return () => {
    throw new TypeError(`${name} is no accessor`);
  };
}
