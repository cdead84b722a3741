import type { HubMethod } from "../../core/src/hub/hub.ts";
import { HubMethodError } from "../../core/src/hub/hub-method-error.ts";
import type { Clock } from "../../core/src/ports/clock.ts";
import { asInteger, asNumber, numberArgument } from "./demo-value.ts";
import { pause } from "./pause.ts";

export function createCalls(clock: Clock): Readonly<Record<string, HubMethod>> {
  return {
    Echo: (_call, value) => value ?? null,
    Add: (_call, a, b) => {
      const integers = [asInteger(a), asInteger(b)] as const;
      if (integers[0] !== undefined && integers[1] !== undefined) return narrow(integers[0] + integers[1]);
      const [left, right] = [asNumber(a), asNumber(b)];
      if (left === undefined || right === undefined) throw new HubMethodError("Add takes two numbers.");
      return left + right;
    },
    Slow: async (call, milliseconds) => {
      const wanted = numberArgument(milliseconds, "milliseconds", { from: 0, to: 60_000, otherwise: 2_000 });
      await pause(clock, wanted, call.signal);
      return `waited ${wanted} ms`;
    },
    Fail: (_call, text) => {
      throw new HubMethodError(typeof text === "string" ? text : "Order 88100 is already filled.");
    },
    Crash: () => {
      throw new Error("connection string: Server=db;Password=secret");
    },
    AskMyName: async (call) => {
      const name = await call.ask("WhatIsYourName");
      return `Hello, ${typeof name === "string" ? name : "nobody"}.`;
    },
  };
}

/** A plain number wherever it holds the integer exactly. */
function narrow(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}
