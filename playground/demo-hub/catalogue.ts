/** What the demo hub offers, in the user's words. Every example works as it stands. */
export interface HubMethodDescription {
  readonly target: string;
  readonly kind: "invoke" | "stream";
  /** Names of the parameters in order; "" where there are none. */
  readonly parameters: string;
  readonly says: string;
  /** Arguments as the composer takes them. */
  readonly example: string;
}

export interface ClientMethodDescription {
  readonly target: string;
  readonly parameters: string;
  /** Present where the hub waits for a result: what the client answers at first. */
  readonly reply?: string;
}

export const hubMethods: readonly HubMethodDescription[] = [
  {
    target: "Join",
    kind: "invoke",
    parameters: "group",
    says: "Joins a chat group. Ada, who lives in the hub, greets you.",
    example: '"lobby"',
  },
  {
    target: "Say",
    kind: "invoke",
    parameters: "group, text",
    says: "Says something to everyone in a group. You hear it once you have joined.",
    example: '"lobby",\n"Hello from the playground"',
  },
  { target: "Leave", kind: "invoke", parameters: "group", says: "Leaves a chat group.", example: '"lobby"' },
  {
    target: "Broadcast",
    kind: "invoke",
    parameters: "text",
    says: "Announces a text to every connection.",
    example: '"Lunch is ready"',
  },
  {
    target: "Prices",
    kind: "stream",
    parameters: "symbol, intervalMs, count",
    says: "Streams a share price; count 0 runs until you cancel.",
    example: '"MSFT",\n250,\n0',
  },
  {
    target: "Flaky",
    kind: "stream",
    parameters: "count",
    says: "Streams that many numbers, then fails.",
    example: "5",
  },
  {
    target: "Sum",
    kind: "invoke",
    parameters: "upload of numbers",
    says: "Adds up the numbers that you upload as a stream.",
    example: "stream(1, 2, 3.5)",
  },
  {
    target: "Echo",
    kind: "invoke",
    parameters: "value",
    says: "Gives back what it got, to the last digit.",
    example: '{\n  "symbol": "MSFT",\n  "limit": 412.35,\n  "account": 9007199254740993\n}',
  },
  { target: "Add", kind: "invoke", parameters: "a, b", says: "Adds two numbers.", example: "19,\n23" },
  {
    target: "Slow",
    kind: "invoke",
    parameters: "milliseconds",
    says: "Answers after a while.",
    example: "2000",
  },
  {
    target: "Fail",
    kind: "invoke",
    parameters: "text",
    says: "Throws an error whose text reaches the caller.",
    example: '"Order 88100 is already filled."',
  },
  {
    target: "Crash",
    kind: "invoke",
    parameters: "",
    says: "Throws an error whose text the hub keeps to itself.",
    example: "",
  },
  {
    target: "AskMyName",
    kind: "invoke",
    parameters: "",
    says: "Asks this client for a result: WhatIsYourName.",
    example: "",
  },
];

export const clientMethods: readonly ClientMethodDescription[] = [
  { target: "Said", parameters: "group, user, text, at" },
  { target: "Joined", parameters: "group, user" },
  { target: "Left", parameters: "group, user" },
  { target: "Announced", parameters: "user, text" },
  { target: "WhatIsYourName", parameters: "", reply: '"Grace"' },
];
