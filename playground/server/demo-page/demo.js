/**
 * An ordinary page with Microsoft's client: nothing here knows of Hubscope. `signalR` is the global of
 * @microsoft/signalr's browser bundle.
 */
const { signalR } = window;
const element = (id) => document.getElementById(id);

let connection;
let prices;

function build(protocol) {
  const builder = new signalR.HubConnectionBuilder().withUrl("hub").configureLogging("warn");
  if (protocol === "messagepack")
    builder.withHubProtocol(new signalR.protocols.msgpack.MessagePackHubProtocol());
  const built = builder.build();
  built.on("Said", (group, user, text) => said(`${user} in ${group}: ${text}`));
  built.on("Joined", (group, user) => said(`${user} has joined ${group}`));
  built.on("Left", (group, user) => said(`${user} has left ${group}`));
  built.on("Announced", (user, text) => said(`${user} announces: ${text}`));
  built.on("WhatIsYourName", () => "Grace");
  built.onclose((error) => {
    if (connection === built) show("not connected", error);
  });
  return built;
}

async function connect(protocol) {
  await connection?.stop();
  prices = undefined;
  const building = build(protocol);
  connection = building;
  show("connecting");
  try {
    await building.start();
    if (connection !== building) return;
    show(`connected, ${protocol}`);
    await building.invoke("Join", "lobby");
  } catch (error) {
    if (connection === building) show("not connected", error);
  }
}

function show(state, error) {
  element("state").textContent = error ? `${state}: ${error.message}` : state;
  const isConnected = state.startsWith("connected");
  for (const button of document.querySelectorAll("[data-call], #say button")) button.disabled = !isConnected;
}

function said(line) {
  const item = document.createElement("li");
  item.textContent = line;
  const list = element("said");
  list.append(item);
  while (list.children.length > 100) list.firstChild.remove();
  list.scrollTop = list.scrollHeight;
}

function answered(text, failed = false) {
  const output = element("answer");
  output.textContent = text;
  output.dataset.failed = String(failed);
}

async function call(...invocation) {
  answered("waiting");
  try {
    answered(JSON.stringify(await connection.invoke(...invocation)) ?? "done, without a result");
  } catch (error) {
    answered(error.message, true);
  }
}

function upload() {
  const numbers = new signalR.Subject();
  const done = call("Sum", numbers);
  let next = 1;
  const timer = setInterval(() => {
    numbers.next(next);
    next += 1;
    if (next <= 5) return;
    clearInterval(timer);
    numbers.complete();
  }, 150);
  return done;
}

function stream() {
  cancel();
  prices = connection.stream("Prices", "MSFT", 400, 0).subscribe({
    next: ({ symbol, price }) => {
      element("price").textContent = `${symbol} ${price.toFixed(2)}`;
    },
    complete: () => {
      element("price").textContent = "the stream has ended";
    },
    error: (error) => {
      element("price").textContent = error.message;
    },
  });
}

function cancel() {
  prices?.dispose();
  prices = undefined;
}

function flaky() {
  connection.stream("Flaky", 4).subscribe({
    next: (item) => answered(`item ${item}`),
    complete: () => answered("the stream has ended"),
    error: (error) => answered(error.message, true),
  });
}

const calls = {
  disconnect: () => connection.stop(),
  stream,
  cancel,
  upload,
  flaky,
  add: () => call("Add", 19, 23),
  slow: () => call("Slow", 1500),
  ask: () => call("AskMyName"),
  fail: () => call("Fail", "Order 88100 is already filled."),
  crash: () => call("Crash"),
  missing: () => call("PlaceOrder", { symbol: "MSFT" }),
  broadcast: () => call("Broadcast", "Lunch is ready"),
};

for (const button of document.querySelectorAll("[data-connect]")) {
  button.addEventListener("click", () => void connect(button.dataset.connect));
}
for (const button of document.querySelectorAll("[data-call]")) {
  button.addEventListener("click", () => void calls[button.dataset.call]());
}
element("say").addEventListener("submit", (event) => {
  event.preventDefault();
  void call("Say", "lobby", element("text").value);
});

show("not connected");
void connect("json");
