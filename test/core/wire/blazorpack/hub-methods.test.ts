import { describe, expect, test } from "vitest";
import { blazorPackCodec } from "../../../../core/src/wire/blazorpack/codec.ts";
import { handlerIdOf } from "../../../../core/src/wire/blazorpack/handler-id.ts";
import { type BlazorCall, describeBlazorCall } from "../../../../core/src/wire/blazorpack/hub-methods.ts";
import { BLAZOR_METHODS } from "../../../../core/src/wire/blazorpack/hub-signatures.ts";
import {
  InteropMarker,
  type InteropReference,
  readInteropJson,
} from "../../../../core/src/wire/blazorpack/interop-json.ts";
import { splitLengthPrefixed } from "../../../../core/src/wire/framing/length-prefix.ts";
import { JsonNumber } from "../../../../core/src/wire/hub-message.ts";
import vectors from "../../../vectors/blazor-hub-protocol.json" with { type: "json" };
import { hex } from "../vector-values.ts";

function callIn(wire: string): BlazorCall | undefined {
  const [record] = splitLengthPrefixed(hex(wire)).records;
  if (record === undefined) throw new Error("no record");
  return describeBlazorCall(blazorPackCodec.decode(record.raw).message);
}

function called(target: string, ...args: readonly unknown[]): BlazorCall | undefined {
  return describeBlazorCall({ kind: "invocation", target, arguments: args });
}

/** "since 7: uri, state, intercepted". */
function listOf(call: BlazorCall | undefined): string {
  const { since, until } = call?.signature ?? {};
  const names = call?.arguments.map(({ name }) => name).join(", ");
  return `${until === undefined ? `from ${since}` : `${since} to ${until}`}: ${names}`;
}

describe("the calls of the Blazor hub", () => {
  test.for(vectors.filter(({ name }) => name !== "stream chunk"))(
    "$name has names to its arguments",
    ({ wire, messages }) => {
      const call = callIn(wire);
      expect(messages).toMatchObject([{ target: call?.target }]);
      expect(call?.signature?.parameters.map(({ name }) => name)).toEqual(
        call?.arguments.map(({ name }) => name),
      );
      for (const argument of call?.arguments ?? []) expect(argument.json()?.issues ?? []).toEqual([]);
    },
  );

  test("the number of arguments tells the version", () => {
    expect(listOf(called("OnLocationChanged", "/a", null, true))).toBe("from 7: uri, state, intercepted");
    expect(listOf(called("OnLocationChanged", "/a", true))).toBe("3 to 6: uri, intercepted");
    expect(listOf(called("StartCircuit", "/", "/a", "[]"))).toBe("3 to 5: baseUri, uri, componentRecords");
    expect(listOf(called("JS.BeginInvokeJS", 2, "alert", null))).toBe(
      "3 to 3: asyncHandle, identifier, arguments",
    );
    expect(listOf(called("JS.BeginInvokeJS", 2, "alert", null, 0, 0))).toBe(
      "5 to 9: asyncHandle, identifier, arguments, resultType, targetInstanceId",
    );
    expect(listOf(called("JS.BeginInvokeJS", 2, "alert", null, 0, 0, 1))).toBe(
      "from 10: asyncHandle, identifier, arguments, resultType, targetInstanceId, callType",
    );
  });

  test("what a version to come appends has a number for a name", () => {
    const call = called("PauseCircuit", "why");
    expect(call?.signature).toBeUndefined();
    expect(call?.arguments).toMatchObject([{ name: "argument 1", kind: "unknown", value: "why" }]);
  });

  test("numbers with a name have it", () => {
    const meanings = called("JS.BeginInvokeJS", 2, "a", "[]", 3, 0, 4)?.arguments.map((one) => one.meaning);
    expect(meanings).toEqual([undefined, undefined, undefined, "JSVoidResult", undefined, "SetValue"]);
    expect(called("JS.BeginInvokeJS", 2, "a", "[]", 9, 0, 0)?.arguments[3]?.meaning).toBeUndefined();
  });

  test("what lets its holder into a circuit is named as a secret", () => {
    for (const [target, ...args] of [
      ["ConnectCircuit", "s"],
      ["ResumeCircuit", "s", "/", "/a", "[]", ""],
      ["JS.SavePersistedState", "s", "[]", ""],
    ] as const) {
      expect(called(target, ...args)?.arguments[0]?.kind).toBe("secret");
    }
  });

  test("targets are compared without case; others, and messages that are no calls, have no description", () => {
    expect(called("js.renderbatch", 2, new Uint8Array())?.target).toBe("JS.RenderBatch");
    expect(called("Send", 1)).toBeUndefined();
    expect(describeBlazorCall({ kind: "ping" })).toBeUndefined();
  });

  test("each target has one method, and each version of it another number of arguments", () => {
    expect(new Set(BLAZOR_METHODS.map(({ target }) => target)).size).toBe(BLAZOR_METHODS.length);
    for (const { signatures } of BLAZOR_METHODS) {
      expect(new Set(signatures.map(({ parameters }) => parameters.length)).size).toBe(signatures.length);
    }
  });

  test("an error of .NET is a text where a result would be JSON", () => {
    const [, , failure] = called("JS.EndInvokeDotNet", "1", false, "System.Exception: no")?.arguments ?? [];
    expect(failure).toMatchObject({ name: "error", kind: "text", value: "System.Exception: no" });
    expect(failure?.json()).toBeUndefined();
  });

  test("JSON in bytes is read as well", () => {
    const bytes = new TextEncoder().encode('{"a":1}');
    expect(called("JS.EndInvokeDotNet", "1", true, bytes)?.arguments[2]?.json()?.value).toEqual({ a: 1 });
  });
});

describe("the JSON of a call", () => {
  const references: readonly (readonly [string, InteropReference])[] = [
    ['{"__dotNetObject":1}', { kind: "dotnet-object", id: 1 }],
    ['{"__jsObjectId":2}', { kind: "js-object", id: 2 }],
    ['{"__byte[]":0}', { kind: "bytes", id: 0 }],
    ['{"__dotNetStream":4}', { kind: "dotnet-stream", id: 4 }],
    ['{"__jsStreamReferenceLength":70000,"__jsObjectId":3}', { kind: "js-stream", id: 3, length: 70_000 }],
    ['{"__internalId":"d523"}', { kind: "element", id: "d523" }],
    ['{"\\u005f_byte[]":5}', { kind: "bytes", id: 5 }],
  ];
  test.for(references)("%s is a reference, at any depth", ([text, reference]) => {
    const { value } = readInteropJson(`[1,{"deep":[${text}]}]`);
    expect(value).toEqual([1, { deep: [new InteropMarker(reference)] }]);
  });

  test.for([
    '{"__dotNetObject":"1"}',
    '{"__byte[]":1.5}',
    '{"__jsObjectId":1,"name":"x"}',
    '{"__internalId":7}',
    '{"__jsStreamReferenceLength":5}',
    '{"__proto__":1}',
  ])("%s is an object like any other", (text) => {
    expect(readInteropJson(text).value).toEqual(JSON.parse(text));
  });

  test("numbers keep their digits, and what is no JSON is an issue", () => {
    expect(readInteropJson("[9007199254740993,1.5]").value).toEqual([
      new JsonNumber("9007199254740993"),
      1.5,
    ]);
    expect(readInteropJson("System.Exception: no")).toMatchObject({
      value: undefined,
      issues: [{ code: "not-json" }],
    });
  });
});

test("a handler ID is a number while it is safe, otherwise a bigint", () => {
  expect(handlerIdOf(3)).toBe(3);
  expect(handlerIdOf(3n)).toBe(3);
  expect(handlerIdOf(2n ** 64n - 1n)).toBe(2n ** 64n - 1n);
  expect(handlerIdOf(new JsonNumber("18446744073709551615"))).toBe(2n ** 64n - 1n);
  expect(handlerIdOf(new JsonNumber("18446744073709551616"))).toBeUndefined();
  for (const odd of [-1, 1.5, "3", null, new JsonNumber("1e400")]) expect(handlerIdOf(odd)).toBeUndefined();
});
