import { type Clock, pause } from "../ports/clock.ts";
import type { Socket } from "../ports/socket.ts";
import type { Pace } from "./pump.ts";

/** A source that never waits would otherwise keep timers and socket events from running. */
const ITEMS_PER_TURN = 64;
const MAX_BUFFERED_BYTES = 1024 * 1024;
const BUFFER_POLL_MILLISECONDS = 10;

/** Lets other work run between items, and waits while the socket has too much to send. */
export function createPace(clock: Clock, socket: Pick<Socket, "bufferedAmount">, signal: AbortSignal): Pace {
  let items = 0;
  const isFull = () => (socket.bufferedAmount ?? 0) > MAX_BUFFERED_BYTES;

  async function wait(): Promise<void> {
    await pause(clock, 0, signal);
    while (!signal.aborted && isFull()) await pause(clock, BUFFER_POLL_MILLISECONDS, signal);
  }

  return () => {
    items += 1;
    return items % ITEMS_PER_TURN === 0 || isFull() ? wait() : undefined;
  };
}
