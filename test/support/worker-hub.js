/* Talks to a hub from any kind of worker: {hubUrl, text, transport, nested} in, what the hub echoed out. */
importScripts("/signalr.js");

async function talk({ hubUrl, text, transport, nested }) {
  if (nested) return talkInWorker({ hubUrl, text, transport });
  const connection = new self.signalR.HubConnectionBuilder()
    .withUrl(hubUrl, { transport })
    .configureLogging(self.signalR.LogLevel.None)
    .build();
  await connection.start();
  const echoed = await connection.invoke("EchoString", text);
  self.connections = [...(self.connections ?? []), connection];
  return echoed;
}

function talkInWorker(what) {
  const worker = new Worker("/worker-hub.js");
  self.workers = [...(self.workers ?? []), worker];
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(what);
  });
}

const answer = (port, what) =>
  talk(what).then(
    (echoed) => port.postMessage(echoed),
    (error) => port.postMessage(`failed: ${error}`),
  );

self.addEventListener("message", (event) => answer(event.ports[0] ?? self, event.data));
self.addEventListener("connect", (event) => {
  const [port] = event.ports;
  port.onmessage = ({ data }) => answer(port, data);
});
self.addEventListener("install", () => self.skipWaiting?.());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
