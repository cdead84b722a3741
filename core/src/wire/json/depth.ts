import type { WireValue } from "../hub-message.ts";
import { MAX_DEPTH } from "../limits.ts";

/** How deep arrays and objects nest, counted to one beyond what we go into. */
export function depthOf(value: WireValue, level = 0): number {
  if (typeof value !== "object" || value === null || level > MAX_DEPTH) return level;
  return Array.isArray(value) ? depthOfList(value, level) : depthOfObject(value as JsonValues, level);
}

type JsonValues = Readonly<Record<string, WireValue>>;

function depthOfList(list: readonly WireValue[], level: number): number {
  let deepest = level + 1;
  for (let index = 0; index < list.length && deepest <= MAX_DEPTH; index++) {
    const item = list[index];
    if (typeof item === "object" && item !== null) deepest = Math.max(deepest, depthOf(item, level + 1));
  }
  return deepest;
}

/** `for in`, because the engine remembers the names of a shape; what JSON.parse makes inherits none. */
function depthOfObject(object: JsonValues, level: number): number {
  let deepest = level + 1;
  for (const name in object) {
    const item = object[name];
    if (typeof item === "object" && item !== null) deepest = Math.max(deepest, depthOf(item, level + 1));
    if (deepest > MAX_DEPTH) break;
  }
  return deepest;
}

/** Nearly every text has too few brackets to be deep, and its value is not walked through. */
export function hasMoreBrackets(text: string, count: number): boolean {
  let found = 0;
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", at + 1)) {
    found += 1;
    if (found > count) return true;
  }
  for (let at = text.indexOf("["); at >= 0; at = text.indexOf("[", at + 1)) {
    found += 1;
    if (found > count) return true;
  }
  return false;
}
