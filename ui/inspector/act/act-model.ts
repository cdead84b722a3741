import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { ConnectionId, LogEntry } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { recomputed } from "../../recomputed.ts";
import type { Abilities, Actor } from "./actor.ts";
import { type Again, againOf } from "./again.ts";
import { type BreakModel, createBreakModel } from "./break-model.ts";
import { hasEnded } from "./fault-words.ts";
import { createSendModel, type SendModel } from "./send-model.ts";

export type DrawerName = "send" | "break";

/** Everything that the user can do to a connection of the page, and the drawer that it is done in. */
export interface ActModel {
  readonly drawer: ReadonlySignal<DrawerName | undefined>;
  /** Grows whenever the drawer shall have the focus. */
  readonly focusAsked: ReadonlySignal<number>;
  /** The connection that is acted on: the one that was chosen here, or is selected in the list, or the newest. */
  readonly connection: ReadonlySignal<ConnectionId | undefined>;
  /** What will be out of step. */
  readonly warning: ReadonlySignal<string | undefined>;
  readonly send: SendModel;
  readonly breaking: BreakModel;
  chooseConnection(id: ConnectionId): void;
  /** Opens it with the focus in it, or closes it where it is open. */
  toggle(name: DrawerName): void;
  open(name: DrawerName): void;
  close(): void;
  /** What can be done once more with this entry. */
  againOf(entry: LogEntry | undefined): Again | undefined;
  /** Does it as it was, and shows what comes of it; the focus stays where it is. */
  repeat(again: Again): void;
  /** Opens the form with it. */
  edit(again: Again): void;
  dispose(): void;
}

export interface ActOptions {
  readonly revision: ReadonlySignal<number>;
  readonly actor: Actor;
  /** The connection that the list has selected. */
  readonly selected: ReadonlySignal<ConnectionId | undefined>;
  readonly say: (sentence: string) => void;
}

export function createActModel(session: Session, { revision, actor, selected, say }: ActOptions): ActModel {
  const drawer = signal<DrawerName | undefined>(undefined);
  const focusAsked = signal(0);
  /** Holds as long as the list's selection is the same as when it was made. */
  const chosen = signal<{ readonly id: ConnectionId; readonly whileSelected: ConnectionId | undefined }>();

  const connection = recomputed(revision, () => {
    const own = chosen.value;
    if (own !== undefined && own.whileSelected === selected.value && session.connection(own.id) !== undefined)
      return own.id;
    return selected.value ?? newestOf(session);
  });
  const abilities = recomputed<Abilities | undefined>(revision, () =>
    connection.value === undefined ? undefined : actor.abilities(connection.value),
  );
  const context = { session, revision, actor, connection, abilities, say };
  const send = createSendModel({ ...context, isShown: computed(() => drawer.value === "send") });
  const breaking = createBreakModel({ ...context, isShown: computed(() => drawer.value === "break") });

  const chooseConnection = (id: ConnectionId): void => {
    chosen.value = { id, whileSelected: selected.value };
  };
  const open = (name: DrawerName): void => {
    drawer.value = name;
    focusAsked.value += 1;
  };

  return {
    drawer,
    focusAsked,
    connection,
    warning: computed(() => abilities.value?.warning),
    send,
    breaking,
    chooseConnection,
    toggle: (name) => {
      if (drawer.value === name) drawer.value = undefined;
      else open(name);
    },
    open,
    close: () => {
      drawer.value = undefined;
    },
    againOf: (entry) => againOf(entry, session),
    repeat: (again) => {
      drawer.value = "send";
      chooseConnection(again.connection);
      send.repeat(again);
    },
    edit: (again) => {
      if (again.content === undefined) return;
      chooseConnection(again.connection);
      send.fill(again.mode, again.content);
      open("send");
    },
    dispose: () => {
      send.dispose();
      breaking.dispose();
    },
  };
}

/** The newest that is alive, or the newest. */
function newestOf({ connections }: Session): ConnectionId | undefined {
  const alive = connections.findLast((connection) => !hasEnded(connection));
  return (alive ?? connections.at(-1))?.id;
}
