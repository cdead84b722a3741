import { createSession } from "../../../core/src/session/create-session.ts";
import type { Session, SessionLimits } from "../../../core/src/session/session.ts";
import { type Speaker, speaker } from "./trading-session.ts";

export interface LongSession {
  readonly session: Session;
  readonly talk: Speaker;
  /** `count` more messages; every third goes out, every tenth has the target "Rare". */
  grow(count: number): void;
}

/** One open connection with `count` messages after its handshake: entries 1 opened, 2 and 3 handshake, then these. */
export function longSession(count: number, limits?: SessionLimits): LongSession {
  const session = createSession(limits);
  const talk = speaker(session.apply, "long", "ws://localhost:5000/hubs/long", "json");
  talk.open(0);
  let said = 0;
  const grow = (more: number): void => {
    for (let index = 0; index < more; index += 1, said += 1) {
      const target = said % 10 === 0 ? "Rare" : "Tick";
      talk.say(10 + said, said % 3 === 0 ? "out" : "in", { kind: "invocation", target, arguments: [said] });
    }
  };
  grow(count);
  return { session, talk, grow };
}
