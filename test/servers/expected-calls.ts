/**
 * What the real server answers to each call of `wwwroot/all-calls.js`, in its order; calls of the server (kind
 * "received") apart. The texts and value forms are those of ASP.NET Core 10.
 */

import {
  bytes,
  clientOrder,
  date,
  everyKind,
  jsonDates,
  jsonOffsets,
  order,
  packedDates,
  packedOffsets,
} from "./expected-values.ts";
import type { Protocol } from "./official-client.ts";

interface Expected {
  readonly target: string;
  readonly outcome: unknown;
}

const FAILED = "An unexpected error occurred invoking";
const UNBOUND =
  "InvalidDataException: Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked.";
const NO_METHOD = "HubException: Method does not exist.";

/** `echo` stands for the first argument of the call itself. */
export const ECHO = { echo: true };

export function expectedCalls(protocol: Protocol): readonly Expected[] {
  const packed = protocol === "messagepack";
  return [
    ...results(packed),
    ...echoes(),
    ...edges(packed),
    ...failures(),
    ...streams(packed),
    ...uploads(packed),
    ...clientResults(packed),
    ...pushes(),
    ...payloads(packed),
  ];
}

function results(packed: boolean): Expected[] {
  return [
    value("Nothing", null),
    value("NothingAsync", null),
    value("NothingValueTask", null),
    value("NullString", null),
    value("Add", 42),
    value("AddAsync", 0),
    // The official client rounds both: that is why the panel must not.
    value("BigLong", 2 ** 53),
    value("BigULong", 2 ** 64),
    value("CurrentOrder", order(42, packed)),
    value("EveryKind", everyKind(packed)),
    value("renamed.method", "renamed x"),
    value("aDD", 2),
    value("Slow", 40),
    value("Slow", 60),
    value("Slow", 20),
    value("Add", 5),
    sent("Nothing"),
    sent("EchoInt"),
    { target: "WhoAmI", outcome: { kind: "result", value: { who: true } } },
  ];
}

function echoes(): Expected[] {
  const types = [
    "Int",
    "Long",
    "ULong",
    "Float",
    "Double",
    "Double",
    "Decimal",
    "String",
    "String",
    "Bool",
    "Nullable",
  ];
  const more = [
    "Nullable",
    "Any",
    "Any",
    "DateTime",
    "DateTimeOffset",
    "TimeSpan",
    "Guid",
    "Bytes",
    "Enum",
    "Order",
    "Order",
  ];
  return [...types, ...more, "Dictionary", "List"].map((type) => value(`Echo${type}`, ECHO));
}

function edges(packed: boolean): Expected[] {
  const strings = [
    "",
    "é",
    "日本語",
    "😀 emoji",
    'tab\tnewline\ncr\rquote"back\\slash/',
    "\0\u001e\u001f\u007f\u0085\u2028\u2029",
  ];
  const lengths = ["a".repeat(31), "b".repeat(32), "c".repeat(255), "d".repeat(256)];
  const huge = "79228162514264337593543950335";
  const decimals = [
    "0",
    "1.10",
    "0.1234567890123456789012345678",
    huge,
    `-${huge}`,
    "79228162514264.337593543950335",
  ];
  return [
    value("EdgeInts", [
      ...[
        0,
        127,
        128,
        255,
        256,
        65535,
        65536,
        4294967295,
        4294967296,
        9007199254740991,
        2 ** 53,
        2 ** 53,
        2 ** 63,
      ],
      ...[-1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -(2 ** 53), -(2 ** 63)],
    ]),
    value("EdgeDoubles", [0, 0.1, 1.5, -2.25, 1e20, 1e-7, Number.MAX_VALUE, Number.MIN_VALUE, 123456789.125]),
    value("EdgeDecimals", packed ? decimals : decimals.map(Number)),
    value("EdgeStrings", [...strings, "<script>&'+</script>", ...lengths]),
    value("EdgeDates", packed ? packedDates() : jsonDates()),
    value("EdgeOffsets", packed ? packedOffsets() : jsonOffsets()),
    value(
      "EdgeBytes",
      bytes(
        Array.from({ length: 40 }, (_, index) => (index * 7) & 255),
        packed,
      ),
    ),
    value("EdgeTicks", packed ? date("2009-02-13T23:31:30.123Z") : "2009-02-13T23:31:30.1234567Z"),
    value("EdgeFlags", packed ? "All" : 3),
    value("EdgeIntKeys", { "1": "one", "-7": "minus seven" }),
    value("EdgeDeclaredAsObject", [3, 1, 2, 3, -1, "text", 1.5, 2.5, true, null, [1]]),
  ];
}

function failures(): Expected[] {
  const notStreaming =
    "The client attempted to invoke the non-streaming 'Add' method with a streaming invocation.";
  return [
    error(
      "ThrowHubException",
      `${FAILED} 'ThrowHubException' on the server. HubException: told to the client`,
    ),
    error(
      "ThrowException",
      `${FAILED} 'ThrowException' on the server. InvalidOperationException: plain failure`,
    ),
    error(
      "ThrowLater",
      `${FAILED} 'ThrowLater' on the server. ArgumentException: later failure (Parameter 'milliseconds')`,
    ),
    error("Secret", "Failed to invoke 'Secret' because user is unauthorized"),
    unbound("DoesNotExist", NO_METHOD),
    unbound("Add", "InvalidDataException: Invocation provides 1 argument(s) but target expects 2."),
    unbound("Add", "InvalidDataException: Invocation provides 3 argument(s) but target expects 2."),
    unbound("Add", UNBOUND),
    unbound("EchoOrder", UNBOUND),
    unbound("EchoGuid", UNBOUND),
    error(
      "Count",
      "The client attempted to invoke the streaming 'Count' method with a non-streaming invocation.",
    ),
    items("Add", [], "error", notStreaming),
    items(
      "DoesNotExist",
      [],
      "error",
      `Failed to invoke 'DoesNotExist' due to an error on the server. ${NO_METHOD}`,
    ),
    items("Count", [], "error", `Failed to invoke 'Count' due to an error on the server. ${UNBOUND}`),
    sent("DoesNotExist"),
    sent("ThrowException"),
    value("Add", 21),
  ];
}

function streams(packed: boolean): Expected[] {
  const failure =
    "An error occurred on the server while streaming results. HubException: the stream failed after 2 items";
  return [
    items("Count", [0, 1, 2, 3, 4], "complete"),
    items("Count", [], "complete"),
    items("CountChannel", [0, 1, 2, 3, 4], "complete"),
    items("Orders", [order(1, packed), order(2, packed)], "complete"),
    items("FailAfter", [0, 1], "error", failure),
    items("FailAfterChannel", [0, 1], "error", failure),
    items("Forever", [0, 1, 2], "cancelled"),
    value("WasCancelled", true),
    items("ForeverChannel", [0, 1, 2], "cancelled"),
    value("WasCancelled", true),
    value("WasCancelled", false),
    items("Count", [0, 1, 2], "complete"),
    items("CountChannel", [0, 1, 2], "complete"),
  ];
}

function uploads(packed: boolean): Expected[] {
  const badItem = packed
    ? "InvalidDataException: Deserializing object of the `Int32` type for 'item' failed."
    : "JsonException: The JSON value could not be converted to System.Int32. Path: $ | LineNumber: 0 | BytePositionInLine: 14.";
  return [
    value("Sum", 6),
    value("Sum", 0),
    value("SumChannel", 30),
    value("SumTwoScaled", 109),
    value("Join", "a-b"),
    value("UploadedBytes", 512),
    hubError("Sum", "the upload broke"),
    hubError("Sum", `Failed to bind Stream message. ${badItem}`),
    hubError("Sum", "Client sent 0 stream(s), Hub method expects 1."),
    items("Doubled", [2, 4, 6], "complete"),
  ];
}

function clientResults(packed: boolean): Expected[] {
  return [
    value("AskCaller", "why answer to why"),
    hubError("AskCaller", "Error: the client refuses"),
    hubError("AskCaller", "Client didn't provide a result."),
    value("AskNumber", 144),
    value("AskOrder", clientOrder(packed)),
    value("AskConnection", "answer to who"),
    hubError("AskWithin", "no answer within 50 ms"),
  ];
}

function pushes(): Expected[] {
  const silent = [
    "SayToCaller",
    "SayToConnection",
    "JoinGroup",
    "SayToGroup",
    "SayToOthersInGroup",
    "LeaveGroup",
  ];
  const more = ["SayToGroup", "Say", "SayToOthers", "SayToUser", "PushNumbers", "PushShapes"];
  return [
    ...[...silent, ...more].map((target) => value(target, null)),
    sent("SayToCaller"),
    value("Nothing", null),
  ];
}

function payloads(packed: boolean): Expected[] {
  const sizes = [1024, 32 * 1024, 100 * 1024, 1024 * 1024];
  const orders = Array.from({ length: 200 }, (_, index) => order(index + 1, packed));
  return [
    ...sizes.flatMap((size) => [
      value("Text", { text: size }),
      value("TextLength", size),
      value("Bytes", { bytes: size }),
      value("BytesLength", size),
    ]),
    value("EchoText", ECHO),
    value("OrderList", orders),
  ];
}

function value(target: string, result: unknown): Expected {
  return { target, outcome: { kind: "result", value: result } };
}

function sent(target: string): Expected {
  return { target, outcome: { kind: "sent" } };
}

function error(target: string, message: string): Expected {
  return { target, outcome: { kind: "error", message } };
}

function hubError(target: string, message: string): Expected {
  return error(target, `${FAILED} '${target}' on the server. HubException: ${message}`);
}

function unbound(target: string, detail: string): Expected {
  return error(target, `Failed to invoke '${target}' due to an error on the server. ${detail}`);
}

function items(target: string, list: unknown[], ending: string, message?: string): Expected {
  return {
    target,
    outcome: { kind: "items", items: list, ending, ...(message === undefined ? {} : { message }) },
  };
}
