/** One `sendMessage` a payload. */
window.addEventListener("message", (event) => {
  if (event.source !== window || event.data?.source !== "one-message-a-payload") return;
  chrome.runtime.sendMessage(event.data).catch(() => undefined);
});
