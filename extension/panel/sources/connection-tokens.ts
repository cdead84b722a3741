/**
 * The names by which requests of one connection are told to belong together, whoever saw them.
 *
 * @module
 */

const PARAMETERS = /[?&](?:id|connectionToken)=([^&#]+)/gi;
const FIELDS = ["connectionToken", "connectionId", "ConnectionToken", "ConnectionId"] as const;

/** Connection tokens in a URL, decoded. */
export function tokensOfUrl(url: string): readonly string[] {
  return [...url.matchAll(PARAMETERS)].map(([, value = ""]) => decoded(value));
}

/** What a negotiate answer names the connection: token and ID, of both SignalRs. None where it is no such answer. */
export function tokensOfNegotiate(body: string): readonly string[] {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== "object" || answer === null) return [];
    return FIELDS.flatMap((field) => {
      const token = (answer as Readonly<Record<string, unknown>>)[field];
      return typeof token === "string" && token !== "" ? [token] : [];
    });
  } catch {
    // Another server's answer, or a piece of one.
    return [];
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % is not an escape: the text stands for itself.
    return text;
  }
}
