/**
 * The names by which requests of one connection are told to belong together, whoever saw them.
 *
 * @module
 */
import { isClassicChannelUrl } from "../../../core/src/wire/classic/detect.ts";

const PARAMETERS = /[?&](?:id|connectionToken)=([^&#]+)/gi;
/** Of classic SignalR before 1.0, which had no tokens. Elsewhere it is the page that tells its own server which connection it has. */
const PARAMETERS_BEFORE_TOKENS = /[?&](?:id|connectionId)=([^&#]+)/gi;
const FIELDS = ["connectionToken", "connectionId", "ConnectionToken", "ConnectionId"] as const;

/** Connection tokens in a URL, decoded. */
export function tokensOfUrl(url: string): readonly string[] {
  const isBeforeTokens = isClassicChannelUrl(url) && !/[?&]connectionToken=/i.test(url);
  return [...url.matchAll(isBeforeTokens ? PARAMETERS_BEFORE_TOKENS : PARAMETERS)].map(([, value = ""]) =>
    decoded(value),
  );
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
