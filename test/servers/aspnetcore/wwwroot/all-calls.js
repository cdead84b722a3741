import { createCaller } from "./caller.js";
import { valuesFor } from "./values.js";

const KILOBYTE = 1024;
let runs = 0;

/**
 * Every call of the hub, one after the other, on a started connection of the official client (README.md has the list).
 * Resolves with the report: [{ kind, target, arguments, outcome }]. One entry stays pending: the question that the
 * client leaves unanswered.
 *
 * @param signalR the official client's module or global
 */
export async function runAllCalls({ connection, signalR, protocol }) {
  const caller = createCaller(connection);
  const values = valuesFor(protocol);
  const streamOf = (items) => {
    const subject = new signalR.Subject();
    // The client subscribes while it builds the call, so the items must come later.
    setTimeout(() => {
      for (const item of items) subject.next(item);
      subject.complete();
    });
    return subject;
  };
  const failingStream = (items, error) => {
    const subject = new signalR.Subject();
    setTimeout(() => {
      for (const item of items) subject.next(item);
      subject.error(error);
    });
    return subject;
  };
  offerClientMethods(connection, caller, values);
  const connectionId = await results(caller);
  await echoes(caller, values);
  await edges(caller);
  await failures(caller);
  await streams(caller, `${connectionId}-${++runs}`);
  await uploads(caller, values, { streamOf, failingStream });
  await clientResults(caller, connectionId);
  await pushes(caller, connectionId);
  await payloads(caller, values);
  return caller.report;
}

function offerClientMethods(connection, { on }, values) {
  const names = ["Said", "SaidToUser", "SaidToGroup", "Number", "Shapes"];
  for (const name of [...names, "Answer", "Square", "Check"]) connection.off(name);
  for (const name of names) on(name);
  on("Answer", (question) => {
    if (question === "silence") return new Promise(() => {});
    if (question === "throw") throw new Error("the client refuses");
    return question === "nothing" ? undefined : `answer to ${question}`;
  });
  on("Square", (number) => number * number);
  on("Check", () => values.order);
}

async function results({ invoke, send }) {
  await invoke("Nothing");
  await invoke("NothingAsync");
  await invoke("NothingValueTask");
  await invoke("NullString");
  await invoke("Add", 40, 2);
  await invoke("AddAsync", -1, 1);
  await invoke("BigLong");
  await invoke("BigULong");
  await invoke("CurrentOrder");
  await invoke("EveryKind");
  await invoke("renamed.method", "x");
  await invoke("aDD", 1, 1);
  await invoke("Slow", 40);
  await Promise.all([invoke("Slow", 60), invoke("Slow", 20), invoke("Add", 2, 3)]);
  await send("Nothing");
  await send("EchoInt", 8);
  // The client itself does not know its id when it skipped negotiation.
  const me = await invoke("WhoAmI");
  return me.connectionId ?? me.ConnectionId;
}

async function echoes({ invoke }, values) {
  await invoke("EchoInt", -2147483648);
  await invoke("EchoLong", 9007199254740991);
  await invoke("EchoULong", 4294967296);
  await invoke("EchoFloat", 3.25);
  await invoke("EchoDouble", 0.1);
  await invoke("EchoDouble", 5);
  await invoke("EchoDecimal", values.decimal);
  await invoke("EchoString", 'héllo 😀 "q" \u001e end');
  await invoke("EchoString", null);
  await invoke("EchoBool", true);
  await invoke("EchoNullable", null);
  await invoke("EchoNullable", 1);
  await invoke("EchoAny", null);
  await invoke("EchoAny", { a: [1, "two", { deep: true }], b: 0.5, c: null });
  await invoke("EchoDateTime", values.dateTime);
  await invoke("EchoDateTimeOffset", values.dateTimeOffset);
  await invoke("EchoTimeSpan", values.timeSpan);
  await invoke("EchoGuid", "00112233-4455-6677-8899-aabbccddeeff");
  await invoke("EchoBytes", values.bytes);
  await invoke("EchoEnum", values.enumeration);
  await invoke("EchoOrder", values.order);
  await invoke("EchoOrder", null);
  await invoke("EchoDictionary", { one: 1, two: 2, "k y": -3 });
  await invoke("EchoList", [1, 2, 3]);
}

async function edges({ invoke }) {
  const names = [
    "Ints",
    "Doubles",
    "Decimals",
    "Strings",
    "Dates",
    "Offsets",
    "Bytes",
    "Ticks",
    "Flags",
    "IntKeys",
  ];
  for (const name of names) await invoke(`Edge${name}`);
  await invoke("EdgeDeclaredAsObject");
}

async function failures({ invoke, send, stream }) {
  await invoke("ThrowHubException", "told to the client");
  await invoke("ThrowException", "plain failure");
  await invoke("ThrowLater", 10);
  await invoke("Secret");
  await invoke("DoesNotExist", 1);
  await invoke("Add", 1);
  await invoke("Add", 1, 2, 3);
  await invoke("Add", "one", "two");
  await invoke("EchoOrder", "not an object");
  await invoke("EchoGuid", "nope");
  await invoke("Count", 2, 0);
  await stream({ target: "Add", args: [1, 2] });
  await stream({ target: "DoesNotExist", args: [] });
  await stream({ target: "Count", args: ["x", 0] });
  await send("DoesNotExist", 1);
  await send("ThrowException", "nobody hears this");
  await invoke("Add", 20, 1);
}

async function streams({ invoke, stream }, name) {
  await stream({ target: "Count", args: [5, 0] });
  await stream({ target: "Count", args: [0, 0] });
  await stream({ target: "CountChannel", args: [5, 1] });
  await stream({ target: "Orders", args: [2] });
  await stream({ target: "FailAfter", args: [2] });
  await stream({ target: "FailAfterChannel", args: [2] });
  await stream({ target: "Forever", args: [`${name}-sequence`, 5], cancelAfter: 3 });
  await invoke("WasCancelled", `${name}-sequence`, 5000);
  await stream({ target: "ForeverChannel", args: [`${name}-channel`, 5], cancelAfter: 3 });
  await invoke("WasCancelled", `${name}-channel`, 5000);
  await invoke("WasCancelled", `${name}-never`, 0);
  await Promise.all([
    stream({ target: "Count", args: [3, 5] }),
    stream({ target: "CountChannel", args: [3, 5] }),
  ]);
}

async function uploads({ invoke, stream }, values, { streamOf, failingStream }) {
  await invoke("Sum", streamOf([1, 2, 3]));
  await invoke("Sum", streamOf([]));
  await invoke("SumChannel", streamOf([10, 20]));
  await invoke("SumTwoScaled", streamOf([5, 6]), 10, streamOf([1]));
  await invoke("Join", "-", streamOf(["a", "b", "c"]), 2);
  await invoke("UploadedBytes", streamOf([values.bytes, values.bytes]));
  await invoke("Sum", failingStream([1], new Error("the upload broke")));
  await invoke("Sum", streamOf(["not a number"]));
  await invoke("Sum");
  await stream({ target: "Doubled", args: [streamOf([1, 2, 3])] });
}

async function clientResults({ invoke }, connectionId) {
  await invoke("AskCaller", "why");
  await invoke("AskCaller", "throw");
  await invoke("AskCaller", "nothing");
  await invoke("AskNumber", 12);
  await invoke("AskOrder", 3);
  await invoke("AskConnection", connectionId, "who");
  await invoke("AskWithin", "silence", 50);
}

async function pushes({ invoke, send }, connectionId) {
  const group = `group of ${connectionId}`;
  await invoke("SayToCaller", "to me");
  await invoke("SayToConnection", connectionId, "to this one");
  await invoke("JoinGroup", group);
  await invoke("SayToGroup", group, "to us");
  await invoke("SayToOthersInGroup", group, "nobody else is here");
  await invoke("LeaveGroup", group);
  await invoke("SayToGroup", group, "to nobody");
  await invoke("Say", "to all");
  await invoke("SayToOthers", "to others");
  await invoke("SayToUser", "ada", "to Ada");
  await invoke("PushNumbers", 5);
  await invoke("PushShapes");
  await send("SayToCaller", "unanswered");
  await invoke("Nothing");
}

async function payloads({ invoke }, values) {
  for (const size of [KILOBYTE, 32 * KILOBYTE, 100 * KILOBYTE, KILOBYTE * KILOBYTE]) {
    await invoke("Text", size);
    await invoke("TextLength", "y".repeat(size));
    await invoke("Bytes", size);
    await invoke("BytesLength", values.bytesOf(size));
  }
  await invoke("EchoText", "é".repeat(50 * KILOBYTE));
  await invoke("OrderList", 200);
}
