import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { MAX_RUN_PAYLOAD } from "../channel/limits.ts";
import { method } from "../channel/natives.ts";
import { closeList, openList } from "../channel/open-list.ts";
import { BINARY, INCOMING, type PayloadRun, SOCKET } from "../channel/payload-run.ts";
import { bytesSize } from "../channel/payload-size.ts";

/** Payloads of sockets as they come, until a run is made of them. */
export interface RunBuilder {
  /** False where it is none, or says more than fits: then it is not taken. */
  add(event: CaptureEvent): boolean;
  /** What has come since the last time; undefined where nothing has. */
  take(): PayloadRun | undefined;
}

const Bytes = Uint8Array;
const { hasOwn } = Object;
const setBytes = method(Uint8Array.prototype.set);

export function createRunBuilder(): RunBuilder {
  let sockets = openList<string>();
  let marks = openList<number>();
  let text = "";
  let parts = openList<Uint8Array>();
  let binarySize = 0;
  /** Most payloads are of the socket that the one before was of. */
  let lastSocket = "";
  let lastPlace = -1;

  function placeOf(socket: string): number {
    if (socket === lastSocket && lastPlace >= 0) return lastPlace;
    let place = 0;
    while (place < sockets.length && sockets[place] !== socket) place++;
    sockets[place] = socket;
    lastSocket = socket;
    lastPlace = place;
    return place;
  }

  function mark(at: number, code: number, length: number): void {
    marks[marks.length] = at;
    marks[marks.length] = code;
    marks[marks.length] = length;
  }

  function joined(): Uint8Array {
    const bytes = new Bytes(binarySize);
    let at = 0;
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index];
      if (part === undefined) continue;
      setBytes(bytes, part, at);
      at += bytesSize(part);
    }
    return bytes;
  }

  return {
    add(event) {
      if (event.type !== "socket-payload" || hasOwn(event, "act")) return false;
      const { payload } = event;
      if (payload.kind === "text") {
        const { length } = payload.text;
        if (length > MAX_RUN_PAYLOAD) return false;
        mark(event.at, placeOf(event.socket) * SOCKET + (event.direction === "in" ? INCOMING : 0), length);
        text += payload.text;
        return true;
      }
      if (payload.kind === "omitted") return false;
      const size = bytesSize(payload.bytes);
      if (size > MAX_RUN_PAYLOAD) return false;
      const way = event.direction === "in" ? INCOMING : 0;
      mark(event.at, placeOf(event.socket) * SOCKET + way + BINARY, size);
      parts[parts.length] = payload.bytes;
      binarySize += size;
      return true;
    },
    take() {
      if (marks.length === 0) return undefined;
      const run: PayloadRun = {
        type: "socket-payloads",
        sockets: closeList(sockets),
        marks: closeList(marks),
        text,
        ...(parts.length === 0 ? {} : { bytes: joined() }),
      };
      sockets = openList();
      marks = openList();
      text = "";
      if (parts.length > 0) parts = openList();
      binarySize = 0;
      lastPlace = -1;
      return run;
    },
  };
}
