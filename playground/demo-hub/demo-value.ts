import { HubMethodError } from "../../core/src/hub/hub-method-error.ts";
import { JsonNumber, type WireValue } from "../../core/src/wire/hub-message.ts";

/** Arguments come from whoever calls; each reader answers with a sentence that names the parameter. */
export function textArgument(value: WireValue, name: string): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new HubMethodError(`${name} is a text that is not empty.`);
}

export interface NumberRange {
  readonly from: number;
  readonly to: number;
  /** Used where the argument is absent or null. */
  readonly otherwise: number;
}

export function numberArgument(value: WireValue, name: string, range: NumberRange): number {
  const number = value === undefined || value === null ? range.otherwise : asNumber(value);
  if (number !== undefined && number >= range.from && number <= range.to) return number;
  throw new HubMethodError(`${name} is a number from ${range.from} to ${range.to}.`);
}

/** undefined for what is no number. A 64-bit integer loses digits here. */
export function asNumber(value: WireValue): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof JsonNumber) return Number(value.source);
  return undefined;
}

/** undefined for what is no integer. */
export function asInteger(value: WireValue): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  if (value instanceof JsonNumber && /^-?\d+$/.test(value.source)) return BigInt(value.source);
  return undefined;
}
