/** Controls, bidirectional and invisible characters, line separators, lone surrogates, blank fillers. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u3164\uffa0]|[\u115f\u1160]|[\u17b4\u17b5]|[\u180b-\u180f]/gu;
const PLAIN = /^[ -~]*$/;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const JOINER = "\u200d";

/** Foreign text with every character that could hide or reorder something written as an escape. */
export function safeText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSAFE, (character: string, at: number) => {
    if (character === JOINER && joinsEmoji(text, at)) return character;
    return SHORT[character] ?? escapeOf(character);
  });
}

function joinsEmoji(text: string, at: number): boolean {
  const before = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?$/u.test(
    text.slice(Math.max(0, at - 3), at),
  );
  return before && /^\p{Extended_Pictographic}/u.test(text.slice(at + 1, at + 3));
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
