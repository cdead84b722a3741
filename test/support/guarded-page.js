/** Runs in the guarded pages: talks to a hub, and says what the page's guards saw of it. */

const { HubConnectionBuilder, HttpTransportType, LogLevel } = window.signalR;
const TRANSPORTS = {
  ws: HttpTransportType.WebSockets,
  sse: HttpTransportType.ServerSentEvents,
  lp: HttpTransportType.LongPolling,
};

/** Connects, calls, streams and is called back. Answers what the calls gave. */
async function talk(hubUrl, transport) {
  const connection = new HubConnectionBuilder()
    .withUrl(hubUrl, { transport: TRANSPORTS[transport] })
    .configureLogging(LogLevel.None)
    .build();
  const pushed = new Promise((resolve) => {
    connection.on("Said", (_from, text) => resolve(text));
  });
  await connection.start();
  const sum = await connection.invoke("Add", 40, 2);
  const items = [];
  await new Promise((complete, error) => {
    connection.stream("Count", 3, 0).subscribe({ next: (item) => items.push(item), complete, error });
  });
  await connection.invoke("SayToCaller", "hello");
  const said = await pushed;
  await connection.stop();
  return { sum, items, said };
}

/** How zone.js sees the talk: every task that was scheduled and by what. */
window.talkInZone = async (hubUrl, transport) => {
  const tasks = [];
  const zone = window.Zone.current.fork({
    name: "watched",
    onScheduleTask(parent, _current, target, task) {
      tasks.push(`${task.type} ${task.source}`);
      return parent.scheduleTask(target, task);
    },
  });
  const result = await zone.run(() => talk(hubUrl, transport));
  const counts = {};
  for (const task of tasks) {
    // How often the client's own promises settle depends on how the network cuts what it sends.
    if (task.startsWith("macroTask") || task.startsWith("eventTask")) counts[task] = (counts[task] ?? 0) + 1;
  }
  return { ...result, tasks: counts };
};

/** Time stands still: whatever the page's timers are asked for never comes. Answers which spans were asked for. */
window.talkWithoutTime = async (hubUrl, transport) => {
  const clock = window.FakeTimers.install();
  const spans = new Set();
  for (const name of ["setTimeout", "setInterval"]) {
    const schedule = window[name];
    window[name] = (callback, span, ...rest) => {
      spans.add(`${name} ${span}`);
      return schedule(callback, span, ...rest);
    };
  }
  const result = await talk(hubUrl, transport);
  clock.uninstall();
  return { ...result, spans: [...spans].sort() };
};

window.talk = talk;
