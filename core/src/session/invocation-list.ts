import type { ConnectionId, EntryNumber, Invocation, InvocationNumber } from "./model.ts";

/** What is said of an invocation when it opens. */
export type OpenedInvocation = Omit<Invocation, "number" | "entries" | "items">;

/** The invocations of a session by number, bounded. */
export interface InvocationList {
  open(facts: OpenedInvocation, entry: EntryNumber): Invocation;
  find(number: InvocationNumber): Invocation | undefined;
  /** Adds an entry to the invocation, and what else that entry changes. Unknown numbers are ignored. */
  extend(number: InvocationNumber, entry: EntryNumber, change?: Partial<Invocation>): void;
  change(number: InvocationNumber, change: Partial<Invocation>): void;
  /** Forgets all of one connection. */
  removeOf(connection: ConnectionId): void;
  /** Entries have got other numbers; those without one are gone. */
  renumber(renumbered: (entry: EntryNumber) => EntryNumber | undefined): void;
  /** Entries before `first` are gone: `touched` are the invocations that they belonged to. */
  forget(touched: Iterable<InvocationNumber>, first: EntryNumber): void;
}

interface Kept {
  view: Invocation;
  readonly entries: EntryNumber[];
}

/** An invocation goes when its last entry goes, unless it is still open; `limit` bounds those too. */
export function createInvocationList(limit: number): InvocationList {
  const kept = new Map<InvocationNumber, Kept>();
  let next: InvocationNumber = 1;

  return {
    open(facts, entry) {
      const entries = [entry];
      const view: Invocation = { number: next++, entries, items: 0, ...facts };
      kept.set(view.number, { view, entries });
      if (kept.size > limit) {
        const oldest = kept.keys().next();
        if (oldest.done !== true) kept.delete(oldest.value);
      }
      return view;
    },
    find: (number) => kept.get(number)?.view,
    extend(number, entry, change) {
      const invocation = kept.get(number);
      if (invocation === undefined) return;
      invocation.entries.push(entry);
      if (change !== undefined) invocation.view = { ...invocation.view, ...change };
    },
    change(number, change) {
      const invocation = kept.get(number);
      if (invocation !== undefined) invocation.view = { ...invocation.view, ...change };
    },
    removeOf(connection) {
      for (const [number, { view }] of kept) if (view.connection === connection) kept.delete(number);
    },
    renumber(renumbered) {
      for (const invocation of kept.values()) {
        const { entries, view } = invocation;
        const moved = entries.flatMap((entry) => renumbered(entry) ?? []);
        entries.length = 0;
        for (const entry of moved) entries.push(entry);
        const { state } = view;
        if (!("completion" in state) || state.completion === undefined) continue;
        // One that is gone was forgotten before; its old number is no other entry's.
        const completion = renumbered(state.completion) ?? state.completion;
        invocation.view = { ...view, state: { ...state, completion } };
      }
    },
    forget(touched, first) {
      for (const number of touched) {
        const invocation = kept.get(number);
        if (invocation === undefined) continue;
        const { entries } = invocation;
        let gone = 0;
        while (gone < entries.length && (entries[gone] ?? first) < first) gone++;
        entries.splice(0, gone);
        if (entries.length === 0 && !isOpen(invocation.view)) kept.delete(number);
      }
    },
  };
}

/** Whether a completion may still come. */
export function isOpen({ state }: Invocation): boolean {
  return state.kind === "open" || (state.kind === "cancelled" && state.completion === undefined);
}
