import { outlineMessagePack } from "../../../core/src/wire/messagepack/outline.ts";
import { UnpackedValue } from "../../value/unpacked-value.ts";
import type { TypedNode } from "../../value/value-tree-model.ts";
import { childrenIn, type PlacedValue } from "./value-places.ts";

/** The types of a MessagePack record for its tree: those that a number does not show by itself. */
export function wireTypes(roots: readonly (PlacedValue | undefined)[]): readonly (TypedNode | undefined)[] {
  return roots.map((root) => root && nodeOf(root));
}

function nodeOf(placed: PlacedValue): TypedNode {
  return {
    type: placed.isExact ? tellingType(placed) : undefined,
    children: () => childrenIn(insideOf(placed)).map(nodeOf),
  };
}

/** What was compressed has places and types of its own, in the bytes that it was made of. */
function insideOf(placed: PlacedValue): PlacedValue {
  const { value, ids, labels } = placed;
  if (!(value instanceof UnpackedValue)) return placed;
  const outline = outlineMessagePack(value.content.bytes);
  return outline === undefined ? placed : { ids, labels, value: value.content.value, outline, isExact: true };
}

/** Most numbers need no word: an integer as short as it can be written, a fraction with 64 bits. */
function tellingType({ value, outline: { type } }: PlacedValue): string | undefined {
  switch (type) {
    case "float32":
    case "int64":
    case "uint64":
      return type;
    case "float64":
      return Number.isInteger(value) ? type : undefined;
    default:
      return undefined;
  }
}
