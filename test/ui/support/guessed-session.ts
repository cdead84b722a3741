import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Session } from "../../../core/src/session/session.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";

function binary(message: HubMessage): Uint8Array {
  const bytes = messagePackCodec.encode(message);
  if (typeof bytes === "string") throw new Error("MessagePack is binary");
  return bytes.slice();
}

/** One connection that was joined late, so that its protocol is guessed, and one with a handshake. */
export function guessedSession(): Session {
  const session = createSession();
  const guessed = (at: number, message: HubMessage): CaptureEvent => {
    const payload = { kind: "binary", bytes: binary(message) } as const;
    return { type: "socket-payload", at, socket: "late", direction: "in", payload };
  };
  const known = (at: number, direction: "out" | "in", text: string): CaptureEvent => {
    return { type: "socket-payload", at, socket: "known", direction, payload: { kind: "text", text } };
  };
  const events: readonly CaptureEvent[] = [
    guessed(1000, { kind: "ping" }),
    { type: "socket-opening", at: 1001, socket: "known", url: "wss://host/known" },
    known(1002, "out", '{"protocol":"json","version":1}\u001e'),
    known(1003, "in", "{}\u001e"),
    guessed(1004, { kind: "invocation", target: "Tick", arguments: [1] }),
    known(1005, "in", '{"type":1,"target":"Say","arguments":["hello"]}\u001e'),
  ];
  for (const event of events) session.apply(event);
  return session;
}
