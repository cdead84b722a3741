/* global signalR */
// ?count=1000&rate=200&protocol=json|messagepack&hub=/hubs/calls&mode=invoke|send|push
// rate: calls a second, 0 = as fast as the answers allow. push: the server sends the numbers in one burst.

const MOST_PENDING = 1000;
const TICK_MS = 10;

const query = new URLSearchParams(location.search);
const count = Number(query.get("count") ?? 1000);
const rate = Number(query.get("rate") ?? 200);
const mode = query.get("mode") ?? "invoke";

const builder = new signalR.HubConnectionBuilder()
  .withUrl(query.get("hub") ?? "/hubs/calls")
  .configureLogging(signalR.LogLevel.Warning);
if (query.get("protocol") === "messagepack") {
  builder.withHubProtocol(new signalR.protocols.msgpack.MessagePackHubProtocol());
}
const connection = builder.build();
const progress = { sent: 0, answered: 0, received: 0, milliseconds: 0 };

connection.on("Number", () => {
  progress.received++;
  show();
});

/** Resolves with { sent, answered, received, milliseconds } when every number has come back. */
globalThis.flood = connection.start().then(run);
globalThis.floodProgress = progress;
globalThis.connection = connection;

async function run() {
  const began = performance.now();
  if (mode === "push") await connection.invoke("PushNumbers", count);
  else await ping(began);
  progress.milliseconds = performance.now() - began;
  return progress;
}

async function ping(began) {
  const answers = [];
  while (progress.sent < count) {
    const due = rate === 0 ? count : Math.min(count, Math.ceil(((performance.now() - began) * rate) / 1000));
    while (progress.sent < due && progress.sent - progress.answered < MOST_PENDING) {
      answers.push(pingOnce(progress.sent++));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(answers);
}

async function pingOnce(number) {
  if (mode === "send") {
    await connection.send("EchoInt", number);
  } else {
    const answer = await connection.invoke("EchoInt", number);
    if (answer !== number) throw new Error(`${number} came back as ${answer}`);
  }
  progress.answered++;
  show();
}

function show() {
  const output = document.querySelector("#answered");
  if (output !== null) output.textContent = String(progress.answered + progress.received);
}
