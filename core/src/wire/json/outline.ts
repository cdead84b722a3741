import { MAX_DEPTH } from "../limits.ts";
import {
  beginValue,
  createColumns,
  endValue,
  type OutlineColumns,
  outlineOf,
  type ValueOutline,
  type ValueType,
} from "../outline.ts";
import { endOfString, parseExactly } from "./exact-parser.ts";

/** Undefined for a text that does not begin with a value. What follows the value is not outlined. */
export function outlineJson(text: string): ValueOutline | undefined {
  const { fault, end } = parseExactly(text);
  if (fault !== undefined) return undefined;
  const columns = createColumns((from, to) => parseExactly(text.slice(from, to)).value);
  scan(text, end, columns);
  return outlineOf(columns);
}

/** Of a string only the first quote: a pattern for all of it would overflow on some ten million characters. */
const TOKEN = /["{}[\]]|[^\s{}[\]",:]+/g;

/** The text is known to be sound, so its tokens tell everything. */
function scan(text: string, end: number, columns: OutlineColumns): void {
  const open: number[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found !== null && found.index < end; found = TOKEN.exec(text)) {
    const [token] = found;
    const start = found.index;
    if (token === "}" || token === "]") {
      const number = open.pop();
      if (number !== undefined) endValue(columns, number, start + 1);
    } else {
      const number = beginValue(columns, typeOf(token), start);
      if (token === "{" || token === "[") {
        open.push(number);
      } else {
        if (token === '"') TOKEN.lastIndex = endOfString(text, start);
        endValue(columns, number, TOKEN.lastIndex);
      }
    }
    if (open.length === 0 || open.length > MAX_DEPTH) return;
  }
}

function typeOf(token: string): ValueType {
  switch (token[0]) {
    case "{":
      return "object";
    case "[":
      return "array";
    case '"':
      return "string";
    case "t":
    case "f":
      return "boolean";
    case "n":
      return "null";
    default:
      return "number";
  }
}
