/* global signalR */
// ?protocol=json|messagepack&hub=/hubs/calls&user=ada&transport=ws|sse|lp&skipNegotiation=1&stateful=1&reconnect=1&token=ada
import { runAllCalls } from "./all-calls.js";
import { recordingProtocol } from "./recording-protocol.js";

const TRANSPORTS = { ws: 1, sse: 2, lp: 4 };

const query = new URLSearchParams(location.search);
const protocol = query.get("protocol") === "messagepack" ? "messagepack" : "json";
const messages = [];
const connection = buildConnection();

/** The connection itself, for what a test wants to do besides. */
globalThis.connection = connection;
/** Resolves when the connection is started; rejects when it cannot be. */
globalThis.connected = start();
/** Resolves with [{ kind, target, arguments, outcome }] in the order in which the calls began (all-calls.js). */
globalThis.runAllCalls = async () => {
  await globalThis.connected;
  const report = await runAllCalls({ connection, signalR, protocol });
  showReport(report);
  return report;
};
/** All hub messages so far, as the official client wrote and parsed them: [{ direction, message }]. */
globalThis.hubMessages = () => messages;

document.querySelector("#run").addEventListener("click", () => globalThis.runAllCalls());

function buildConnection() {
  const inner =
    protocol === "messagepack"
      ? new signalR.protocols.msgpack.MessagePackHubProtocol()
      : new signalR.JsonHubProtocol();
  const builder = new signalR.HubConnectionBuilder()
    .withUrl(hubUrl(), httpOptions())
    .withHubProtocol(recordingProtocol(inner, messages))
    .configureLogging(signalR.LogLevel.Warning);
  if (query.has("stateful")) builder.withStatefulReconnect();
  if (query.has("reconnect")) builder.withAutomaticReconnect([0, 200, 500, 1000, 2000]);
  return builder.build();
}

function hubUrl() {
  const hub = query.get("hub") ?? "/hubs/calls";
  return query.has("user") ? `${hub}?user=${encodeURIComponent(query.get("user"))}` : hub;
}

function httpOptions() {
  const options = { transport: TRANSPORTS[query.get("transport") ?? "ws"] };
  if (query.has("skipNegotiation")) options.skipNegotiation = true;
  if (query.has("token")) options.accessTokenFactory = () => testToken(query.get("token"));
  return options;
}

async function testToken(user) {
  const response = await fetch(`/token?user=${encodeURIComponent(user)}`, { method: "POST" });
  return (await response.json()).accessToken;
}

async function start() {
  connection.onreconnecting(() => showState("reconnecting"));
  connection.onreconnected(() => showState("connected"));
  connection.onclose((error) => showState(error === undefined ? "closed" : `closed: ${error.message}`));
  try {
    await connection.start();
    showState("connected");
  } catch (error) {
    showState(`failed: ${error.message}`);
    throw error;
  }
}

function showState(text) {
  document.querySelector("#state").textContent = text;
}

function showReport(report) {
  const rows = report.map((entry) => {
    const row = document.createElement("tr");
    for (const value of [entry.kind, entry.target, entry.arguments, entry.outcome]) {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      row.insertCell().textContent = text.length > 300 ? `${text.slice(0, 300)}…` : text;
    }
    return row;
  });
  document.querySelector("#report").replaceChildren(...rows);
}
