/**
 * Functions that are sent to pages as source text: each stands alone.
 *
 * @module
 */

interface BenchWindow {
  benchSocket: WebSocket;
}

/**
 * Opens a real socket, shakes hands, has the server send, and waits until all has come. The page does with a message what
 * every hub client must: divide it into records and parse them. `listens`: as if somebody else read along and did nothing
 * with it. Milliseconds of the burst.
 */
export async function receiveFlood(address: string, count: number, listens: boolean): Promise<number> {
  const socket = new WebSocket(address);
  let last: unknown;
  if (listens) {
    socket.addEventListener("message", ({ data }) => {
      last = data;
    });
  }
  const next = (wanted: number) =>
    new Promise<void>((done) => {
      let came = 0;
      socket.onmessage = ({ data }: MessageEvent<string>) => {
        for (const record of data.split("\u001e")) if (record !== "") last = JSON.parse(record);
        came++;
        if (came === wanted) done();
      };
    });
  await new Promise((open) => {
    socket.onopen = open;
  });
  const greeted = next(1);
  socket.send('{"protocol":"json","version":1}\u001e');
  await greeted;
  const started = performance.now();
  const all = next(count);
  socket.send('{"type":6}\u001e');
  await all;
  const took = performance.now() - started;
  socket.close();
  if (typeof last !== "object") throw new Error("The last message was not parsed.");
  return took;
}

/**
 * Runs before every extension: from here on `WebSocket` is a socket that goes nowhere, so that what is measured is the way
 * to the panel and not the network, nor devtools' own recording of it.
 */
export function installSocketToNowhere(): void {
  class SocketToNowhere extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly #url: string;
    constructor(url: string) {
      super();
      this.#url = url;
    }
    get url(): string {
      return this.#url;
    }
    get readyState(): number {
      return 1;
    }
    get protocol(): string {
      return "";
    }
    get extensions(): string {
      return "";
    }
    get bufferedAmount(): number {
      return 0;
    }
    get binaryType(): string {
      return "arraybuffer";
    }
    set binaryType(_type: string) {}
    send(_data: unknown): void {}
    close(): void {}
  }
  window.WebSocket = SocketToNowhere as unknown as typeof WebSocket;
}

export function openSocketToNowhere(protocol: "json" | "messagepack"): void {
  const socket = new WebSocket(`ws://${location.host}/hub`);
  socket.send(`{"protocol":"${protocol}","version":1}\u001e`);
  (window as unknown as BenchWindow).benchSocket = socket;
}

/** Says `count` messages without a pause. Answers when it began, and for how long the page was kept. */
export function sayText(count: number): { began: number; took: number } {
  const { benchSocket: socket } = window as unknown as BenchWindow;
  const began = Date.now();
  const started = performance.now();
  for (let number = 0; number < count; number++)
    socket.send(`{"type":1,"target":"Tick","arguments":[${number},"tick"]}\u001e`);
  return { began, took: performance.now() - started };
}

/** The same with invocations in MessagePack that carry `size` random bytes, one task each `perTask` messages. */
export async function sayBinary(
  count: number,
  size: number,
  perTask: number,
): Promise<{ began: number; took: number }> {
  const { benchSocket: socket } = window as unknown as BenchWindow;
  // [1, {}, nil, "T", [bin 32]]
  const head = [0x95, 0x01, 0x80, 0xc0, 0xa1, 0x54, 0x91, 0xc6];
  const length = head.length + 4 + size;
  const prefix: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 128))
    prefix.push((rest % 128) + (rest >= 128 ? 128 : 0));
  const bytes = new Uint8Array(prefix.length + length);
  bytes.set([...prefix, ...head]);
  const data = prefix.length + head.length + 4;
  const view = new DataView(bytes.buffer);
  view.setUint32(data - 4, size);
  for (let at = data; at < bytes.length; at += 65_536)
    crypto.getRandomValues(bytes.subarray(at, Math.min(bytes.length, at + 65_536)));
  const began = Date.now();
  let took = 0;
  for (let number = 0; number < count; number++) {
    const started = performance.now();
    view.setUint32(data, number);
    socket.send(bytes);
    took += performance.now() - started;
    if (number % perTask === perTask - 1) await new Promise((later) => setTimeout(later));
  }
  return { began, took };
}

interface WatchedPanel {
  /** When the log had as many rows as are wanted, or undefined. */
  benchDone: number | undefined;
}

/** In the panel: notes when the log has `count` rows more than now. */
export function watchRows(count: number): void {
  const panel = window as unknown as WatchedPanel;
  const rows = () => Number(document.querySelector('[role="grid"]')?.getAttribute("aria-rowcount") ?? 1) - 1;
  const wanted = rows() + count;
  panel.benchDone = undefined;
  const look = () => {
    if (rows() >= wanted) panel.benchDone = Date.now();
    else setTimeout(look, 2);
  };
  look();
}

export function doneAt(): number | undefined {
  return (window as unknown as WatchedPanel).benchDone;
}

export function panelRows(): { rows: number; dropped: boolean } {
  const grid = document.querySelector('[role="grid"]');
  return {
    rows: Number(grid?.getAttribute("aria-rowcount") ?? 1) - 1,
    dropped: /dropped|not kept/.test(document.body.innerText),
  };
}

interface PeerPanel {
  arrived: unknown[];
  lastAt: number;
}

export function peerArrived(): { count: number; lastAt: number } {
  const { arrived, lastAt } = window as unknown as PeerPanel;
  return { count: arrived.length, lastAt };
}

export function forgetPeers(): void {
  (window as unknown as PeerPanel).arrived.length = 0;
}
