/** WebDriver's code points for keys that are no characters (WebDriver 2, section 17.4.2, "Keyboard actions"). */
const CODES: Readonly<Record<string, string>> = {
  Backspace: "\uE003",
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Control: "\uE009",
  Alt: "\uE00A",
  Escape: "\uE00C",
  Space: " ",
  PageUp: "\uE00E",
  PageDown: "\uE00F",
  End: "\uE010",
  Home: "\uE011",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
  Delete: "\uE017",
  ContextMenu: "\uE00D",
};

const RELEASE_ALL = "\uE000";

/** `Control+f` or `ArrowDown`, as Playwright writes keys, as WebDriver's key text. */
export function webDriverKeys(key: string): string {
  const parts = key.length === 1 ? [key] : key.split("+");
  const codes = parts.map((part) => CODES[part] ?? part).join("");
  return parts.length > 1 ? codes + RELEASE_ALL : codes;
}
