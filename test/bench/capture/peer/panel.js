/** Stores what comes; draws nothing, so that the bench compares the ways to the panel. */
window.arrived = [];
window.lastAt = 0;
const port = chrome.runtime.connect({ name: String(chrome.devtools.inspectedWindow.tabId) });
port.onMessage.addListener((message) => {
  window.arrived.push(message);
  window.lastAt = Date.now();
});
