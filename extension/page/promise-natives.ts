/** Hears of the page's promises without the page's hearing of it. */
export interface PromiseNatives {
  /** A promise of the platform's. Settled with another promise it would ask that for its `then`: use `settled`. */
  promise<T>(run: (resolve: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T>;
  /** Calls back when the promise settles. */
  settled<T>(promise: Promise<T>, done: (value: T) => void, failed: (error: unknown) => void): void;
  /**
   * A promise that settles like the given one, after the callbacks. What is no promise of a platform, because another tool
   * was here before us, is given back as it is, and nobody is called.
   */
  passOn<T>(promise: Promise<T>, done: (value: T) => void, failed: (error: unknown) => void): Promise<T>;
}

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { species } = Symbol;
const NO_CONSTRUCTOR: PropertyDescriptor = Object.freeze(
  Object.assign(Object.create(null), { value: undefined, configurable: true }),
);

export function capturePromiseNatives(scope: Pick<typeof globalThis, "Promise">): PromiseNatives {
  const native = scope.Promise;
  const { prototype } = native;
  const nativeThen = prototype.then;
  const nativeSpecies = getOwnPropertyDescriptor(native, species)?.get;

  /** `then` asks a promise for its constructor, and that for its species. */
  function wouldBeSeen(promise: object): boolean {
    const isAsNative =
      getOwnPropertyDescriptor(prototype, "constructor")?.value === native &&
      getOwnPropertyDescriptor(native, species)?.get === nativeSpecies;
    return (
      !isAsNative &&
      getPrototypeOf(promise) === prototype &&
      getOwnPropertyDescriptor(promise, "constructor") === undefined
    );
  }

  function then(promise: object, done: unknown, failed: unknown): unknown {
    // Only then: a constructor of its own makes every promise of the page slower from there on.
    if (!wouldBeSeen(promise)) return apply(nativeThen, promise, [done, failed]);
    defineProperty(promise, "constructor", NO_CONSTRUCTOR);
    try {
      return apply(nativeThen, promise, [done, failed]);
    } finally {
      deleteProperty(promise, "constructor");
    }
  }

  return {
    promise: (run) => new native(run),
    settled(promise, done, failed) {
      then(promise, done, failed);
    },
    passOn<T>(promise: Promise<T>, done: (value: T) => void, failed: (error: unknown) => void) {
      try {
        return then(
          promise,
          (value: T) => {
            done(value);
            return value;
          },
          (error: unknown) => {
            failed(error);
            throw error;
          },
        ) as Promise<T>;
      } catch {
        return promise;
      }
    },
  };
}
