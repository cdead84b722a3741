import { safeText } from "../../core/src/session/safe-text.ts";

/** One line of foreign text: whatever could hide or reorder something, line ends included, becomes an escape. */
export const safeLine = safeText;

/** The same with line feeds and tabs kept, for text that is shown with its lines. */
export function safeLines(text: string): string {
  return text.replace(/[^\n\t]+/g, safeText);
}
