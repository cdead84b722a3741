/* The page of worker-pages-server.ts: `talk(where, what)` in itself or in a worker. */

const WAYS = {
  async page(what) {
    const connection = new window.signalR.HubConnectionBuilder()
      .withUrl(what.hubUrl, { transport: what.transport })
      .configureLogging(window.signalR.LogLevel.None)
      .build();
    await connection.start();
    window.connections = [...(window.connections ?? []), connection];
    return connection.invoke("EchoString", what.text);
  },
  dedicated: (what) => askWorker(new Worker("/worker-hub.js"), what),
  nested: (what) => askWorker(new Worker("/worker-hub.js"), { ...what, nested: true }),
  shared(what) {
    const { port } = new SharedWorker("/worker-hub.js");
    return new Promise((resolve) => {
      port.onmessage = ({ data }) => resolve(data);
      port.postMessage(what);
    });
  },
  async service(what) {
    await navigator.serviceWorker.register("/worker-hub.js");
    const { active } = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
      active.postMessage(what, [port2]);
    });
  },
};

function askWorker(worker, what) {
  window.workers = [...(window.workers ?? []), worker];
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(what);
  });
}

window.talk = (where, what) => WAYS[where](what);
