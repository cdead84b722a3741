/**
 * What sockets without a protocol carry, by a glance. Imports nothing.
 *
 * @module
 */

/** True for text that begins and ends like JSON; a number or a word alone is as well just text. */
export function looksLikeJson(text: string): boolean {
  const head = text.slice(0, 64).trimStart();
  const foot = text.slice(-64).trimEnd();
  return (head.startsWith("{") && foot.endsWith("}")) || (head.startsWith("[") && foot.endsWith("]"));
}

/** JSON that ends with a line feed: Go's encoder, so perhaps macaron or martini sockets, or gorilla's WriteJSON. */
export function looksLikeGoJson(text: string): boolean {
  return text.endsWith("\n") && looksLikeJson(text);
}
