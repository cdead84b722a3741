import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { ConnectionId } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { recomputed } from "../../recomputed.ts";
import type { Abilities, Ability, ActOutcome, Actor, Cut, Fault, FaultId } from "./actor.ts";
import { type FaultDraft, FIRST_FAULT, faultOf } from "./fault-draft.ts";
import {
  activeWords,
  cutWords,
  faultSentence,
  hasCloseCodes,
  isSpent,
  scopeWords,
  strikeWords,
} from "./fault-words.ts";
import { createTrafficWords } from "./traffic-words.ts";

/** A line of the list. */
export interface FaultItem {
  readonly id: FaultId;
  readonly sentence: string;
  readonly scope: string;
  /** Empty while it is off. */
  readonly strikes: string;
  readonly isOn: boolean;
  /** Has done all that it was asked for. */
  readonly isSpent: boolean;
}

/** The drawer that breaks things, and what is broken now. */
export interface BreakModel {
  readonly items: ReadonlySignal<readonly FaultItem[]>;
  /** Faults that can strike now. */
  readonly active: ReadonlySignal<number>;
  readonly draft: ReadonlySignal<FaultDraft>;
  readonly ability: ReadonlySignal<Ability>;
  /** Why the fault cannot be added, in a sentence. */
  readonly obstacle: ReadonlySignal<string | undefined>;
  /** Why a fault on every connection does not meet the chosen one. */
  readonly exception: ReadonlySignal<string | undefined>;
  readonly targets: ReadonlySignal<readonly string[]>;
  readonly cutAbility: ReadonlySignal<Ability>;
  readonly closeCode: ReadonlySignal<string>;
  readonly closeReason: ReadonlySignal<string>;
  /** Whether it can be closed with a code and a reason at all: over HTTP there are none. */
  readonly closesWithCode: ReadonlySignal<boolean>;
  /** Why it cannot be closed with this code and reason. */
  readonly closeObstacle: ReadonlySignal<string | undefined>;
  /** What came of the last cut, in a sentence. */
  readonly cutSaid: ReadonlySignal<string>;
  change(part: Partial<FaultDraft>): void;
  changeClose(part: { readonly code?: string; readonly reason?: string }): void;
  add(): void;
  toggle(id: FaultId): void;
  remove(id: FaultId): void;
  /** Switches all off; the list keeps them, to be switched on again. */
  undoAll(): void;
  cut(): void;
  close(): void;
  dispose(): void;
}

export interface BreakContext {
  readonly session: Session;
  readonly revision: ReadonlySignal<number>;
  readonly actor: Actor;
  readonly connection: ReadonlySignal<ConnectionId | undefined>;
  readonly abilities: ReadonlySignal<Abilities | undefined>;
  readonly isShown: ReadonlySignal<boolean>;
  readonly say: (sentence: string) => void;
}

const NO_CONNECTION: Ability = { can: false, reason: "No connection yet. Use the page, or reload it." };
/** RFC 6455 section 5.5: what a control frame can carry, less the code. */
const MOST_REASON_BYTES = 123;

export function createBreakModel(context: BreakContext): BreakModel {
  const { session, revision, actor, connection, abilities, say } = context;
  const draft = signal(FIRST_FAULT);
  const closeCode = signal("4000");
  const closeReason = signal("");
  const cutSaid = signal("");
  const off = signal<readonly Fault[]>([]);
  /** Where each fault stands in the list: in the order in which they were added. */
  const places = new Map<FaultId, number>();
  const words = createTrafficWords(session);

  const placeOf = (id: FaultId): number => {
    const place = places.get(id) ?? places.size;
    places.set(id, place);
    return place;
  };
  const isOn = (id: FaultId): boolean => actor.faults.value.some((fault) => fault.id === id);
  const strikesOf = (id: FaultId): number => actor.strikes.value.get(id) ?? 0;
  const items = computed<readonly FaultItem[]>(() => {
    void revision.value;
    const switchedOff = off.value.filter(({ id }) => !isOn(id));
    return [...actor.faults.value, ...switchedOff]
      .sort((one, other) => placeOf(one.id) - placeOf(other.id))
      .map((fault) => {
        const on = isOn(fault.id);
        const known = fault.connection === undefined ? undefined : session.connection(fault.connection);
        return {
          id: fault.id,
          sentence: faultSentence(fault),
          scope: scopeWords(fault, known),
          strikes: on ? strikeWords(fault, strikesOf(fault.id)) : "",
          isOn: on,
          isSpent: on && isSpent(fault, strikesOf(fault.id)),
        };
      });
  });
  const active = computed(() => items.value.filter((item) => item.isOn && !item.isSpent).length);
  const freshId = (): FaultId => {
    let number = places.size + 1;
    while (places.has(`fault-${number}`) || isOn(`fault-${number}`)) number += 1;
    return `fault-${number}`;
  };

  const ability = computed<Ability>(() => {
    // A connection that cannot be broken, or has ended, does not keep others from it.
    if (draft.value.isEverywhere) return { can: true };
    return abilities.value?.faults ?? NO_CONNECTION;
  });
  const cutAbility = computed<Ability>(() => abilities.value?.cut ?? NO_CONNECTION);
  const built = computed(() => faultOf(draft.value, "", connection.value));
  const closesWithCode = computed(() => {
    void revision.value;
    const to = connection.value;
    return hasCloseCodes(to === undefined ? undefined : session.connection(to));
  });
  const closeObstacle = computed(() => closeProblem(closeCode.value, closeReason.value));

  const perform = async (how: Cut, done: string): Promise<void> => {
    const to = connection.value;
    if (to === undefined || !cutAbility.value.can) return;
    const outcome = await actor
      .cut(to, how)
      .catch((error: unknown): ActOutcome => ({ ok: false, reason: `This did not work: ${String(error)}` }));
    cutSaid.value = outcome.ok ? done : outcome.reason;
    say(cutSaid.value);
  };

  let announced = active.peek();
  const stopAnnouncing = effect(() => {
    const count = active.value;
    if (count === announced) return;
    announced = count;
    untracked(() => say(count === 0 ? "No fault is active." : `${activeWords(count)}.`));
  });
  const traffic = recomputed(revision, () => {
    if (context.isShown.value) words.refresh();
    return revision.value;
  });

  return {
    items,
    active,
    draft,
    ability,
    obstacle: computed(() => {
      if (!ability.value.can) return ability.value.reason;
      return "obstacle" in built.value ? built.value.obstacle : undefined;
    }),
    exception: computed(() => {
      const own = abilities.value?.faults;
      return draft.value.isEverywhere && own?.can === false ? own.reason : undefined;
    }),
    targets: computed(() => {
      void traffic.value;
      return words.targets(connection.value, draft.value.direction);
    }),
    cutAbility,
    closeCode,
    closeReason,
    closesWithCode,
    closeObstacle,
    cutSaid,
    change: (part) => {
      draft.value = { ...draft.value, ...part };
    },
    changeClose: ({ code, reason }) => {
      if (code !== undefined) closeCode.value = code;
      if (reason !== undefined) closeReason.value = reason;
    },
    add: () => {
      const fault = faultOf(draft.value, freshId(), connection.value);
      if ("obstacle" in fault || !ability.value.can) return;
      placeOf(fault.id);
      actor.changeFaults([...actor.faults.value, fault]);
    },
    toggle: (id) => {
      const on = actor.faults.value.find((fault) => fault.id === id);
      const was = off.value.find((fault) => fault.id === id);
      const others = off.value.filter((fault) => fault.id !== id);
      if (on !== undefined) {
        off.value = [...others, on];
        actor.changeFaults(actor.faults.value.filter((fault) => fault.id !== id));
      } else if (was !== undefined) {
        off.value = others;
        actor.changeFaults([...actor.faults.value, was]);
      }
    },
    remove: (id) => {
      off.value = off.value.filter((fault) => fault.id !== id);
      if (isOn(id)) actor.changeFaults(actor.faults.value.filter((fault) => fault.id !== id));
    },
    undoAll: () => {
      off.value = [...off.value.filter(({ id }) => !isOn(id)), ...actor.faults.value];
      actor.changeFaults([]);
    },
    cut() {
      const to = connection.value;
      void perform({ kind: "abnormal" }, cutWords(to === undefined ? undefined : session.connection(to)));
    },
    close: () => {
      if (closeObstacle.value !== undefined || !closesWithCode.value) return;
      const code = Number(closeCode.value);
      void perform({ kind: "close", code, reason: closeReason.value }, `Closed with code ${code}.`);
    },
    dispose: stopAnnouncing,
  };
}

function closeProblem(code: string, reason: string): string | undefined {
  const number = code.trim() === "" ? Number.NaN : Number(code);
  const isAllowed = number === 1000 || (Number.isInteger(number) && number >= 3000 && number <= 4999);
  if (!isAllowed) return "A page may close with 1000, or 3000 to 4999.";
  return new TextEncoder().encode(reason).length > MOST_REASON_BYTES
    ? "The reason is longer than 123 bytes."
    : undefined;
}
