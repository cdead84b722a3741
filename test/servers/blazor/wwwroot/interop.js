/** What the interop page calls. */
window.interop = {
  add: (left, right) => left + right,
  fail: (message) => {
    throw new Error(message);
  },
  nothing: () => undefined,
  idOf: (element) => element.id,
  reversed: (bytes) => bytes.slice().reverse(),
  callBack: async (page) => `${await page.invokeMethodAsync("Greet", "page")}, ${await window.square(7)}`,
  blob: (size) => new Blob([new Uint8Array(size)]),
  lengthOf: async (stream) => (await stream.arrayBuffer()).byteLength,
  slow: (ms) => new Promise((resolve) => setTimeout(() => resolve("late"), ms)),
};

window.square = (value) => DotNet.invokeMethodAsync("BlazorServer", "Square", value);
window.doubled = async (...bytes) => [
  ...(await DotNet.invokeMethodAsync("BlazorServer", "Doubled", new Uint8Array(bytes))),
];
window.refused = () =>
  DotNet.invokeMethodAsync("BlazorServer", "Refuse").then(
    () => "accepted",
    (error) => error.message.split("\n")[0],
  );
