import { bare } from "../channel/natives.ts";
import { append } from "./lists.ts";

const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;

/** Calls the native function with what the page gave, or with other arguments or another `this`. */
export type NativeCall = (args?: readonly unknown[], self?: unknown) => unknown;

type Calls = (call: NativeCall, self: unknown, args: readonly unknown[]) => unknown;

/**
 * Puts a Proxy in place of `owner[name]`: same name, length, own keys, descriptor and `this` checks. `around` gets the
 * native call; what it returns or throws is what the page gets. Where another tool has put a subclass of its own in the
 * platform's place, the method that it inherits is replaced.
 */
export function replaceMethod(owner: object, name: string, around: Calls): void {
  const holder = holderOf(owner, name);
  if (holder === undefined) return;
  const descriptor = getOwnPropertyDescriptor(holder, name);
  const native: unknown = descriptor?.value;
  if (typeof native !== "function") return;
  // Without a prototype: a trap is looked up by name, and the page may have put `get` or `has` on every object.
  const traps: ProxyHandler<typeof native> = bare({
    apply: (target, self, args: unknown[]) =>
      around((given = args, on = self) => apply(target, on, given), self, args),
  });
  defineProperty(holder, name, bare({ ...descriptor, value: new Proxy(native, traps) }));
}

/** The same arguments, as many, but for one. */
export function withArgument(args: readonly unknown[], place: number, value: unknown): readonly unknown[] {
  const given: unknown[] = [];
  for (let at = 0; at < args.length; at++) append(given, at === place ? value : args[at]);
  return given;
}

function holderOf(owner: object, name: string): object | undefined {
  for (let at: object | null = owner; at !== null; at = getPrototypeOf(at)) {
    if (getOwnPropertyDescriptor(at, name) !== undefined) return at;
  }
  return undefined;
}
