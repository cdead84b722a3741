import type { HubProtocolName } from "../../core/src/wire/hub-codec.ts";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import { exactNumber } from "../../core/src/wire/json/numbers.ts";

/** What MessagePack holds as an integer: int64 and uint64. */
const INTEGERS = { from: -(2n ** 63n), to: 2n ** 64n - 1n };

/**
 * What a JSON number as typed becomes on the wire, without losing a digit that the protocol can carry. undefined:
 * the protocol has no such number.
 */
export function numberValue(source: string, protocol: HubProtocolName): WireValue | undefined {
  if (protocol === "json") return exactNumber(source);
  const number = Number(source);
  if (!/^-?\d+$/.test(source)) return Number.isFinite(number) ? number : undefined;
  if (Number.isSafeInteger(number)) return number;
  const integer = BigInt(source);
  return integer >= INTEGERS.from && integer <= INTEGERS.to ? integer : undefined;
}
