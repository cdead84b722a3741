import type { PayloadAct, TransportAct } from "../capture-event.ts";
import type { HubMessageKind } from "../wire/hub-message.ts";
import type { Direction } from "../wire/payload.ts";

/** One condition of a filter; all must hold. Texts are in lower case. */
export interface FilterTerm {
  readonly negated: boolean;
  readonly condition: FilterCondition;
}

export type FilterCondition =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "target"; readonly text: string }
  | { readonly kind: "type"; readonly text: string }
  | { readonly kind: "id"; readonly text: string }
  | { readonly kind: "direction"; readonly direction: Direction }
  | { readonly kind: "error" }
  /** Something that Hubscope did at the user's command; any where `act` is absent. */
  | { readonly kind: "act"; readonly act?: PayloadAct | TransportAct };

/** Types by the number that the wire gives them. HubProtocol.md, "Message types". */
export const TYPE_NUMBERS: Readonly<Record<string, HubMessageKind>> = {
  1: "invocation",
  2: "stream-item",
  3: "completion",
  4: "stream-invocation",
  5: "cancel-invocation",
  6: "ping",
  7: "close",
  8: "ack",
  9: "sequence",
};

const ACTS: Readonly<Record<PayloadAct | TransportAct, FilterCondition>> = {
  sent: { kind: "act", act: "sent" },
  simulated: { kind: "act", act: "simulated" },
  dropped: { kind: "act", act: "dropped" },
  delayed: { kind: "act", act: "delayed" },
  reordered: { kind: "act", act: "reordered" },
  cut: { kind: "act", act: "cut" },
  closed: { kind: "act", act: "closed" },
  refused: { kind: "act", act: "refused" },
};

const DIRECTIONS: Readonly<Record<string, Direction>> = { out: "out", sent: "out", in: "in", received: "in" };

/** A key without a value; or `-`, then perhaps a key, then a word or a "phrase". An open phrase goes to the end. */
const TERM = /-?([a-z]+):(?=\s|$)|(-?)(?:([a-z]+):)?(?:"([^"]*)(?:"|$)|(\S+))/iy;

/**
 * `echo "no such" target:Say type:completion id:7 dir:in is:error is:act is:dropped -ping`. What is no known syntax is plain text; a
 * key without a value and a lone `-`, as they are while someone types, are no conditions.
 */
export function parseFilterQuery(query: string): readonly FilterTerm[] {
  const terms: FilterTerm[] = [];
  let at = 0;
  while (at < query.length) {
    if (/\s/.test(query[at] ?? "")) {
      at++;
      continue;
    }
    TERM.lastIndex = at;
    const match = TERM.exec(query);
    if (match === null || match[0] === "") break;
    at = TERM.lastIndex;
    const term = termOf(match);
    if (term !== undefined) terms.push(term);
  }
  return terms;
}

function termOf([all, emptyKey, minus, key, phrase, word]: RegExpExecArray): FilterTerm | undefined {
  const negated = minus === "-";
  if (emptyKey !== undefined) {
    return isKey(emptyKey) ? undefined : { negated: false, condition: textOf(all) };
  }
  const value = (phrase ?? word ?? "").toLowerCase();
  if (value === "" || value === "-") return undefined;
  const condition = key === undefined ? textOf(value) : keyed(key.toLowerCase(), value);
  return { negated, condition: condition ?? textOf(all.slice(negated ? 1 : 0).replaceAll('"', "")) };
}

function textOf(text: string): FilterCondition {
  return { kind: "text", text: text.toLowerCase() };
}

function isKey(key: string): boolean {
  return /^(?:target|type|id|direction|dir|is)$/i.test(key);
}

function keyed(key: string, value: string): FilterCondition | undefined {
  switch (key) {
    case "target":
    case "id":
      return { kind: key, text: value };
    case "type":
      return { kind: "type", text: TYPE_NUMBERS[value] ?? value };
    case "direction":
    case "dir": {
      const direction = Object.hasOwn(DIRECTIONS, value) ? DIRECTIONS[value] : undefined;
      return direction === undefined ? undefined : { kind: "direction", direction };
    }
    case "is":
      if (value === "error" || value === "errors") return { kind: "error" };
      return value === "act" || value === "acts" ? { kind: "act" } : actNamed(value);
    default:
      return undefined;
  }
}

function actNamed(value: string): FilterCondition | undefined {
  return Object.hasOwn(ACTS, value) ? ACTS[value as PayloadAct | TransportAct] : undefined;
}
