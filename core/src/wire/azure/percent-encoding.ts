/** A segment or value of a URL. A lone surrogate, which no URL can carry, becomes U+FFFD. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
}

/** As .NET's WebUtility.UrlEncode: a space is `+`, and of the marks `~` and `'` are escaped too. */
export function formEncode(text: string): string {
  return percentEncode(text).replaceAll("%20", "+").replaceAll("~", "%7E").replaceAll("'", "%27");
}

/** A stray % is not an escape: the text then stands for itself. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
