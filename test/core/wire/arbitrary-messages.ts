import fc from "fast-check";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";

/** Any text that UTF-8 can carry. */
const text = fc.string({ unit: "binary", maxLength: 40 });
const name = text.filter((value) => value !== "");

/** JSON values; no minus zero, which JSON.stringify and the MessagePack encoder of the official client lose. */
export const jsonValue: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 4, stringUnit: "binary" })
  .map((value) => JSON.parse(JSON.stringify(value)));

/** The official decoder of MessagePack refuses this one name. */
const plainKey = text.filter((key) => key !== "__proto__");

export const messagePackValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.integer({ min: -70_000, max: 70_000 }),
      fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
      text,
      fc.string({ minLength: 30, maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }),
    ),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(plainKey, tie("value"), { maxKeys: 20, noNullPrototype: true }),
  ),
})).value;

function headers(): fc.Arbitrary<Record<string, string>> {
  return fc.dictionary(
    plainKey.filter((key) => key !== ""),
    name,
    { minKeys: 1, maxKeys: 3, noNullPrototype: true },
  );
}

function optional<T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

/** Every hub message of the specification, with values of the given kind. */
export function hubMessages(value: fc.Arbitrary<unknown>): fc.Arbitrary<HubMessage> {
  const withHeaders = optional(fc.record({ headers: headers() }, { noNullPrototype: true }));
  const withStreams = optional(fc.record({ streamIds: fc.array(name, { minLength: 1, maxLength: 3 }) }));
  const withId = optional(fc.record({ invocationId: name }, { noNullPrototype: true }));
  const args = fc.array(value, { maxLength: 4 });
  const outcome = fc.oneof(
    fc.record({ kind: fc.constant("result" as const), value }, { noNullPrototype: true }),
    fc.record({ kind: fc.constant("void" as const) }, { noNullPrototype: true }),
    fc.record({ kind: fc.constant("error" as const), message: name }, { noNullPrototype: true }),
  );
  return fc.oneof(
    fc.tuple(withHeaders, withId, name, args, withStreams).map(
      ([head, id, target, list, streams]): HubMessage => ({
        kind: "invocation",
        ...head,
        ...id,
        target,
        arguments: list,
        ...streams,
      }),
    ),
    fc.tuple(withHeaders, name, name, args, withStreams).map(
      ([head, invocationId, target, list, streams]): HubMessage => ({
        kind: "stream-invocation",
        ...head,
        invocationId,
        target,
        arguments: list,
        ...streams,
      }),
    ),
    fc
      .tuple(withHeaders, name, value)
      .map(
        ([head, invocationId, item]): HubMessage => ({ kind: "stream-item", ...head, invocationId, item }),
      ),
    fc.tuple(withHeaders, name, outcome).map(
      ([head, invocationId, result]): HubMessage => ({
        kind: "completion",
        ...head,
        invocationId,
        outcome: result,
      }),
    ),
    fc
      .tuple(withHeaders, name)
      .map(([head, invocationId]): HubMessage => ({ kind: "cancel-invocation", ...head, invocationId })),
    fc.constant<HubMessage>({ kind: "ping" }),
    fc
      .tuple(optional(fc.record({ error: name }, { noNullPrototype: true })), fc.boolean())
      .map(([error, allowReconnect]): HubMessage => ({ kind: "close", ...error, allowReconnect })),
    fc
      .tuple(fc.constantFrom("ack" as const, "sequence" as const), fc.nat())
      .map(([kind, sequenceId]): HubMessage => ({ kind, sequenceId })),
  );
}
