import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { HubProtocolName } from "../../core/src/wire/hub-codec.ts";
import { type ParsedArguments, parseArguments } from "../../ui/arguments/parse-arguments.ts";

export type CallKind = "invoke" | "stream" | "send";

export interface ComposerModel {
  readonly target: ReadonlySignal<string>;
  readonly text: ReadonlySignal<string>;
  readonly parsed: ReadonlySignal<ParsedArguments>;
  /** What Ctrl+Enter does: the kind that was used or chosen last. */
  readonly kind: ReadonlySignal<CallKind>;
  readonly canCall: ReadonlySignal<boolean>;
  /** Why it cannot, in a sentence; absent where it can, and where the fault is shown at the arguments. */
  readonly obstacle: ReadonlySignal<string | undefined>;
  setTarget(target: string): void;
  setText(text: string): void;
  choose(kind: CallKind): void;
  fill(call: { readonly target: string; readonly text: string; readonly kind: CallKind }): void;
}

export interface ComposerContext {
  readonly protocol: ReadonlySignal<HubProtocolName>;
  readonly isConnected: ReadonlySignal<boolean>;
}

export function createComposerModel({ protocol, isConnected }: ComposerContext): ComposerModel {
  const target = signal("");
  const text = signal("");
  const kind = signal<CallKind>("invoke");
  const parsed = computed(() => parseArguments(text.value, protocol.value));
  const obstacle = computed(() => {
    if (!isConnected.value) return "Connect first.";
    if (target.value.trim() === "") return "Name the target first.";
    return undefined;
  });
  return {
    target,
    text,
    kind,
    parsed,
    obstacle,
    canCall: computed(() => obstacle.value === undefined && parsed.value.kind === "parsed"),
    setTarget: (value) => {
      target.value = value;
    },
    setText: (value) => {
      text.value = value;
    },
    choose: (value) => {
      kind.value = value;
    },
    fill: (call) => {
      target.value = call.target;
      text.value = call.text;
      kind.value = call.kind;
    },
  };
}
