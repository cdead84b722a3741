import type { TypedNode } from "../../value/value-tree-model.ts";
import { childrenIn, type PlacedValue } from "./value-places.ts";

/** The types of a MessagePack record for its tree: those that a number does not show by itself. */
export function wireTypes(roots: readonly (PlacedValue | undefined)[]): readonly (TypedNode | undefined)[] {
  return roots.map((root) => root && nodeOf(root));
}

function nodeOf(placed: PlacedValue): TypedNode {
  return {
    type: placed.isExact ? tellingType(placed) : undefined,
    children: () => childrenIn(placed).map(nodeOf),
  };
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
