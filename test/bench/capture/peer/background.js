/** Keeps the newest 500 messages of each tab and passes each on to the tab's panel. */
const LIMIT = 500;
const messages = new Map();
const panels = new Map();

chrome.runtime.onConnect.addListener((port) => {
  const tab = Number(port.name);
  panels.set(tab, port);
  for (const message of messages.get(tab) ?? []) port.postMessage(message);
  port.onDisconnect.addListener(() => panels.delete(tab));
});

chrome.runtime.onMessage.addListener((message, sender) => {
  const tab = sender.tab?.id;
  if (tab === undefined) return;
  const kept = messages.get(tab) ?? [];
  kept.push(message);
  if (kept.length > LIMIT) kept.shift();
  messages.set(tab, kept);
  panels.get(tab)?.postMessage(message);
});
