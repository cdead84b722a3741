/** The bodies that a classic client posts: `application/x-www-form-urlencoded`, as jQuery writes them. */

/** What a form of classic SignalR can hold. Other fields are of no use to a server. */
export interface ClassicForm {
  /** Of a send request: the text that a WebSocket would carry. Empty where the field is there without a value. */
  readonly data?: string;
  /** Of a poll: the last `C`. */
  readonly messageId?: string;
  /** Of a poll: the last `G`. A secret. */
  readonly groupsToken?: string;
}

/** Never throws: `+` is a space, and a broken escape stays or becomes U+FFFD as in any browser. */
export function parseForm(body: string): ClassicForm {
  const fields = new URLSearchParams(body);
  const form: { -readonly [name in keyof ClassicForm]: string } = {};
  for (const name of ["data", "messageId", "groupsToken"] as const) {
    const value = fields.get(name);
    if (value !== null) form[name] = value;
  }
  return form;
}

/** As jQuery.param, members in the order of the JavaScript client. Throws a URIError on lone surrogates, as jQuery does. */
export function formText(form: ClassicForm): string {
  const { messageId, groupsToken, data } = form;
  return Object.entries({ messageId, groupsToken, data })
    .filter(([, value]) => value !== undefined)
    .map(([name, value = ""]) => `${name}=${encodeURIComponent(value).replaceAll("%20", "+")}`)
    .join("&");
}

/**
 * What a send request carries, undefined where the server finds nothing (and fails): the `data` of its form, or of
 * its query where the request is a GET.
 */
export function sentText(
  body: string,
  options: { readonly contentType?: string; readonly query?: Readonly<Record<string, string>> } = {},
): string | undefined {
  const { contentType, query } = options;
  const isForm = contentType === undefined || /^\s*application\/x-www-form-urlencoded/i.test(contentType);
  return (isForm ? parseForm(body).data : undefined) ?? query?.["data"];
}
