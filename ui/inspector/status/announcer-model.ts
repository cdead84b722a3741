import { type ReadonlySignal, signal } from "@preact/signals";
import type { ConnectionId, EntryNumber, LogEntry } from "../../../core/src/session/model.ts";
import { headOf } from "../../../core/src/session/record-head.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { formatCountOf } from "../../format/format-count.ts";
import { KIND_WORDS, stateWords } from "../../texts.ts";
import { safeLine } from "../../value/safe-text.ts";

/** What the polite live region says: new errors and changed states of connections. Messages are not announced. */
export interface AnnouncerModel {
  readonly text: ReadonlySignal<string>;
  /** What answers an action of the user, for those who see the status line; until `quieten`. */
  readonly answer: ReadonlySignal<string>;
  refresh(): void;
  quieten(): void;
  say(text: string): void;
}

const MOST_STATES = 3;

export function createAnnouncerModel(session: Session): AnnouncerModel {
  const text = signal("");
  const answer = signal("");
  const states = new Map<ConnectionId, string>();
  let next: EntryNumber = session.firstNumber + session.log.length;
  for (const { id, state } of session.connections) states.set(id, state.kind);

  const newErrors = (): LogEntry[] => {
    const errors: LogEntry[] = [];
    const end = session.firstNumber + session.log.length;
    for (next = Math.max(next, session.firstNumber); next < end; next += 1) {
      const entry = session.entry(next);
      if (entry?.isError === true) errors.push(entry);
    }
    return errors;
  };

  const changedStates = (): string[] => {
    const changes: string[] = [];
    for (const { id, hubPath, state } of session.connections) {
      if (states.get(id) === state.kind) continue;
      states.set(id, state.kind);
      changes.push(`${safeLine(hubPath)} ${stateWords(state)}`);
    }
    return changes;
  };

  return {
    text,
    refresh: () => {
      const errors = newErrors();
      const changes = changedStates();
      const said = [
        ...(changes.length > MOST_STATES
          ? [`${formatCountOf(changes.length, "connection")} changed`]
          : changes),
        ...(errors.length === 1 && errors[0] !== undefined ? [`Error: ${nameOf(errors[0])}`] : []),
        ...(errors.length > 1 ? [`${formatCountOf(errors.length, "new error")}`] : []),
      ];
      if (said.length > 0) text.value = `${said.join(". ")}.`;
    },
    answer,
    quieten: () => {
      answer.value = "";
    },
    say: (said) => {
      answer.value = said;
      // The same words twice are a change only if they differ.
      text.value = text.value === said ? `${said}\u00a0` : said;
    },
  };
}

function nameOf(entry: LogEntry): string {
  if (entry.kind !== "message") return entry.happening.kind.replaceAll("-", " ");
  const word = KIND_WORDS[headOf(entry.record).kind];
  return entry.target === undefined ? word : `${word} ${safeLine(entry.target)}`;
}
