import type { PanelRow } from "./driver/panel-queries.ts";

/** A hub message as the page's official client wrote or parsed it (`hubMessages()` of the server's pages). */
export interface PageMessage {
  readonly direction: "out" | "in";
  readonly message: {
    readonly type: number;
    readonly target?: string;
    readonly invocationId?: string;
    readonly streamIds?: readonly string[];
    readonly arguments?: readonly unknown[];
    readonly item?: unknown;
    readonly result?: unknown;
    readonly error?: string;
  };
}

/** What the panel must show of a message. */
export interface ExpectedRow {
  readonly type: string;
  readonly target: string;
  readonly id: string;
  /** Texts that the data shows, in this order; undefined where something is shown whose text is not known here. */
  readonly data: readonly (string | undefined)[];
}

const TYPES: Readonly<Record<number, string>> = {
  1: "invocation",
  2: "stream item",
  3: "completion",
  4: "stream call",
  5: "cancel",
  6: "ping",
  7: "close",
};
const PING = 6;
const ARROWS = { out: "↑", in: "↓" } as const;

/** The rows that the panel must show of what went in one direction, pings apart; each with the target that it belongs to. */
export function expectedRows(
  messages: readonly PageMessage[],
  direction: "out" | "in",
): readonly ExpectedRow[] {
  const targets = targetsOf(messages);
  return messages.flatMap((entry, at) => {
    const { message } = entry;
    if (entry.direction !== direction || message.type === PING) return [];
    return {
      type: TYPES[message.type] ?? `type ${message.type}`,
      target: targets[at] ?? "",
      id: message.invocationId ?? "",
      data: [message.arguments, message.item, outcome(message)].flatMap(leaves),
    };
  });
}

/** An error is a word as well as a colour. */
function outcome({ error, result }: PageMessage["message"]): unknown {
  return error === undefined ? result : ["error", error];
}

/** The panel's rows in that direction that are hub messages: no handshake, no connection event, no ping. */
export function messageRows(rows: readonly PanelRow[], direction: "out" | "in"): readonly PanelRow[] {
  const types = Object.values(TYPES).filter((type) => type !== "ping");
  return rows.filter(
    ({ cells }) => cells["Direction"] === ARROWS[direction] && types.includes(cells["Type"] ?? ""),
  );
}

/** Answers and upload items belong to the call that opened their ID; IDs of the two directions are independent. */
function targetsOf(messages: readonly PageMessage[]): readonly (string | undefined)[] {
  const open = new Map<string, string>();
  return messages.map(({ direction, message: { type, target, invocationId, streamIds } }) => {
    if (target !== undefined) {
      for (const id of [invocationId, ...(streamIds ?? [])])
        if (id !== undefined) open.set(`${direction} ${id}`, target);
      return target;
    }
    const other = direction === "out" ? "in" : "out";
    const answered = type === 5 ? `${direction} ${invocationId}` : `${other} ${invocationId}`;
    const key = open.has(answered) ? answered : `${direction} ${invocationId}`;
    const belongsTo = open.get(key);
    if (type === 3) open.delete(key);
    return belongsTo;
  });
}

/**
 * Texts by which a value is recognised, whatever the notation; undefined where its text is not known here: numbers that
 * JavaScript's own parser has rounded, strings that are shown with escapes, and what the page's report had to write in
 * another form (`{ $bytes: … }`).
 */
function leaves(value: unknown): readonly (string | undefined)[] {
  if (typeof value === "string") return [/^[^"\\\p{C}]*$/u.test(value) ? value : undefined];
  if (typeof value === "number") return [mayBeRounded(value) ? undefined : String(value)];
  if (typeof value === "boolean" || value === null) return [String(value)];
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (typeof value !== "object") return [];
  const entries = Object.entries(value as object);
  if (entries.some(([key]) => key.startsWith("$"))) return [undefined];
  return entries.flatMap(([key, member]) => [key, ...leaves(member)]);
}

/** A double holds at least 15 decimal digits as they were written. */
function mayBeRounded(value: number): boolean {
  return (
    String(Math.abs(value))
      .replace(/e.*$|\./g, "")
      .replace(/^0+/, "").length > 15
  );
}

/** True when `shown` has all of `data` in this order, as far as it goes: a long text is cut with "…". */
export function showsInOrder(shown: string, data: readonly (string | undefined)[]): boolean {
  let rest = shown;
  let afterUnknown = false;
  for (const text of data) {
    const found = text === undefined ? -1 : rest.indexOf(text);
    if (text === undefined) afterUnknown = true;
    else if (found >= 0) {
      rest = rest.slice(found + text.length);
      afterUnknown = false;
    } else return rest.endsWith("…") && (afterUnknown || bare(text).startsWith(bare(rest.slice(0, -1))));
  }
  return true;
}

/** Without the notation before it. */
function bare(text: string): string {
  return text.replace(/^[\s,:{}[\]"]+/, "");
}
