import type { SessionMessage } from "../../../core/src/session/model.ts";
import type { ValueOutline } from "../../../core/src/wire/outline.ts";
import type { RecordOutline } from "../../../core/src/wire/outline-record.ts";
import { UnpackedValue } from "../../value/unpacked-value.ts";
import { childrenOf, type ValueChild, ValueRange } from "../../value/value-children.ts";

/** A value of the tree and its place in the record. */
export interface PlacedValue {
  /** The tree's IDs of what it is within, and its own last. */
  readonly ids: readonly string[];
  readonly labels: readonly string[];
  readonly value: unknown;
  readonly outline: ValueOutline;
  /** False: it is somewhere within the outlined value, packed so that it has no place of its own. */
  readonly isExact: boolean;
  /** It was compressed, or is within what was. */
  readonly packing?: "LZ4";
}

/** Ties the lines of the value tree to places in the record, both ways. */
export interface ValuePlaces {
  ofLine(id: string): PlacedValue | undefined;
  /** The innermost value of the tree at this offset; undefined where none of the tree's is. */
  at(offset: number): PlacedValue | undefined;
  /** Of the parts, in their order; undefined where one has no place. */
  readonly roots: readonly (PlacedValue | undefined)[];
}

export function createValuePlaces(
  message: SessionMessage,
  parts: readonly ValueChild[],
  { root, unit }: RecordOutline,
): ValuePlaces {
  const positions = unit === "byte" ? (POSITIONS[message.kind] ?? {}) : undefined;
  const fields = root.children;
  const outlineOfPart = ({ key, argument }: ValueChild): ValueOutline | undefined => {
    if (argument !== undefined) {
      return positions === undefined ? undefined : fields[ARGUMENTS_AT]?.children[argument];
    }
    if (positions === undefined) return fields.findLast((field) => field.key?.value === key);
    const position = Object.hasOwn(positions, key) ? positions[key] : undefined;
    return position === undefined ? undefined : fields[position];
  };

  const allRoots = parts.map((part): PlacedValue | undefined => {
    const outline = outlineOfPart(part);
    if (outline === undefined) return undefined;
    const { key, label, value } = part;
    return { ids: [`/${key}`], labels: [label], value, outline, isExact: true, ...packingOf(value) };
  });
  const rootsOf = (): readonly PlacedValue[] => allRoots.flatMap((root) => root ?? []);

  return {
    roots: allRoots,
    ofLine: (id) => find(rootsOf(), id),
    at: (offset) => {
      let innermost = rootsOf().find(({ outline }) => holds(outline, offset));
      for (let next = innermost; next !== undefined; next = childAt(next, offset)) innermost = next;
      return innermost;
    },
  };
}

/** Where the parts of a message stand in the array of a MessagePack record. HubProtocol.md, "MessagePack". */
const POSITIONS: Readonly<Partial<Record<SessionMessage["kind"], Readonly<Record<string, number>>>>> = {
  invocation: { headers: 1, arguments: 4, streamIds: 5 },
  "stream-invocation": { headers: 1, arguments: 4, streamIds: 5 },
  "stream-item": { headers: 1, item: 3 },
  completion: { headers: 1, result: 4, error: 4 },
  "cancel-invocation": { headers: 1 },
  close: { error: 1, allowReconnect: 2 },
  ack: { sequenceId: 1 },
  sequence: { sequenceId: 1 },
};

const ARGUMENTS_AT = 4;

function holds({ key, start, end }: ValueOutline, offset: number): boolean {
  return offset >= (key?.start ?? start) && offset < end;
}

/** Keys may contain the slash that parts an ID, so more than one way may lead on. */
function find(candidates: readonly PlacedValue[], id: string): PlacedValue | undefined {
  for (const candidate of candidates) {
    const own = candidate.ids.at(-1) ?? "";
    if (own === id) return candidate;
    const within = id.startsWith(`${own}/`) ? find(childrenIn(candidate), id) : undefined;
    if (within !== undefined) return within;
  }
  return undefined;
}

/** What stands in the tree below this, in its order. */
export function childrenIn(parent: PlacedValue): readonly PlacedValue[] {
  const places = parent.outline.children;
  return childrenOf(parent.value).map((child) => placed(parent, child, places));
}

/** The child of the tree at this offset; the ranges that a long list comes in are passed through. */
function childAt(parent: PlacedValue, offset: number): PlacedValue | undefined {
  const places = parent.outline.children;
  const index = places.findIndex((place) => holds(place, offset));
  const place = places[index];
  if (place === undefined || !parent.isExact || isPacked(parent)) return undefined;
  const { value } = parent;
  const key = Array.isArray(value) || value instanceof Map ? String(index) : String(place.key?.value);
  const position = isKeyed(value) ? Object.keys(value).indexOf(key) : index;
  let within = parent;
  for (;;) {
    const children = childrenOf(within.value);
    const next = children.find((child) =>
      child.value instanceof ValueRange
        ? position >= child.value.from && position < child.value.to
        : child.key === key,
    );
    if (next === undefined) return undefined;
    within = placed(within, next, places);
    if (!(next.value instanceof ValueRange)) return within.isExact ? within : undefined;
  }
}

/** The tree shows something within that the bytes do not: what was compressed. */
function isPacked({ outline: { type }, packing }: PlacedValue): boolean {
  return type === "ext" || type === "bin" || packing !== undefined;
}

function packingOf(value: unknown): Pick<PlacedValue, "packing"> {
  return value instanceof UnpackedValue ? { packing: "LZ4" } : {};
}

function isKeyed(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

function placed(parent: PlacedValue, child: ValueChild, places: readonly ValueOutline[]): PlacedValue {
  const { ids, labels, value, outline, packing } = parent;
  const isRange = child.value instanceof ValueRange;
  const owner = value instanceof ValueRange ? value.owner : value;
  const hasPlace = parent.isExact && !isPacked(parent);
  const place = !hasPlace ? undefined : isRange ? outline : placeOf(child, owner, outline, places);
  return {
    ids: [...ids, `${ids.at(-1)}/${child.key}`],
    labels: isRange ? labels : [...labels, child.label],
    value: child.value,
    outline: place ?? outline,
    isExact: place !== undefined,
    ...(packing === undefined ? packingOf(child.value) : { packing }),
  };
}

function placeOf(
  { key }: ValueChild,
  owner: unknown,
  { type }: ValueOutline,
  places: readonly ValueOutline[],
): ValueOutline | undefined {
  if (Array.isArray(owner)) return type === "array" ? places[Number(key)] : undefined;
  if (type !== "map" && type !== "object") return undefined;
  if (owner instanceof Map) return places.length === owner.size ? places[Number(key)] : undefined;
  return places.findLast((place) => String(place.key?.value) === key);
}
