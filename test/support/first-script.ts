/**
 * Behind the doctype, whose absence would change the page, and the start of the head; before what is in it. The page as it
 * is where there is no script.
 */
export function withFirstScript(html: string, script: string): string {
  if (script === "") return html;
  const start = startOf(html);
  // An end tag in the script's own text would end it.
  const inline = script.replaceAll(/<\/(script)/gi, "<\\/$1");
  return `${start}<script>${inline}</script>${html.slice(start.length)}`;
}

/** Whether what `html` begins with is enough to say where a first script goes: no more of the start can follow. */
export function hasWholeStart(html: string): boolean {
  const rest = html.slice(startOf(html).length);
  return rest.length >= LONGEST_START || /^[^<\s]|^<(?!!)[^>]*>/.test(rest);
}

/** A comment that does not end within it is taken for what follows the start. */
const LONGEST_START = 8_192;

/** The byte order mark is one character, or three where each is a byte. */
function startOf(html: string): string {
  const [start = ""] =
    /^(?:\ufeff|\xef\xbb\xbf)?\s*(?:<!--[\s\S]*?-->\s*)*(?:<!doctype[^>]*>)?\s*(?:<!--[\s\S]*?-->\s*)*(?:<html(?:\s[^>]*)?>)?\s*(?:<head(?:\s[^>]*)?>)?/i.exec(
      html,
    ) ?? [];
  return start;
}
