import { MAX_ERROR_LENGTH } from "../channel/guards.ts";
import { quietly } from "./quietly.ts";
import { sliceText } from "./text-natives.ts";

const { apply, getOwnPropertyDescriptor } = Reflect;
const exceptionMessage = getOwnPropertyDescriptor(DOMException.prototype, "message")?.get;

/**
 * What an error says that the platform has made, or the page, when it aborts with a reason of its own: asked for nothing
 * that could be code. `otherwise`: where it says nothing.
 */
export function errorText(error: unknown, otherwise: string): string {
  if (typeof error === "string") return error;
  const message = typeof error === "object" && error !== null ? messageOf(error) : undefined;
  return typeof message === "string" && message !== "" ? sliceText(message, 0, MAX_ERROR_LENGTH) : otherwise;
}

function messageOf(error: object): unknown {
  const own: unknown = getOwnPropertyDescriptor(error, "message")?.value;
  return own ?? (exceptionMessage && quietly(() => apply(exceptionMessage, error, []) as unknown));
}
