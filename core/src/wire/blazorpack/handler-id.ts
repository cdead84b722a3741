import { JsonNumber } from "../hub-message.ts";

/** Unsigned 64 bits: a number while it is safe as one, otherwise a bigint. 0 means none. */
export type HandlerId = number | bigint;

/** The same ID as a number or a bigint, whichever it has to be; undefined where `value` is no such ID. */
export function handlerIdOf(value: unknown): HandlerId | undefined {
  if (typeof value === "bigint") return value >= 0n && value < 2n ** 64n ? exactly(value) : undefined;
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (value instanceof JsonNumber && /^\d{1,20}$/.test(value.source))
    return handlerIdOf(BigInt(value.source));
  return undefined;
}

function exactly(value: bigint): HandlerId {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
