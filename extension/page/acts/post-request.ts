import { bare } from "../../channel/natives.ts";
import { textPayload } from "../copy-payload.ts";
import type { PagePost } from "../interceptor.ts";
import type { PageNatives } from "../page-natives.ts";
import { quietly } from "../quietly.ts";
import type { Report } from "../report.ts";
import type { ActNatives, CarrierData } from "./act-natives.ts";
import { formHeaders, formOf } from "./classic-post.ts";
import { recordedPayload } from "./pieces.ts";

/** How to send on a connection whose transport only receives. */
export interface PostWay extends Pick<PagePost, "url" | "headers" | "credentials"> {
  /** Classic SignalR: the data goes in a form, and the answer brings the reply. */
  readonly isForm: boolean;
}

export interface PostOutcome {
  /** Called once, with a sentence for the user or nothing. */
  done(refusal: string | undefined): void;
  /** The reply has come with the answer, or there will be none: the transport that receives brings nothing of it. */
  answered(): void;
}

export interface PostContext {
  /** A name that no other exchange has. */
  readonly exchange: string;
  readonly natives: PageNatives;
  readonly act: ActNatives;
  readonly report: Report;
}

/** A classic server answers when the call has ended: whoever waits for the outcome does not wait for that. */
const LONGEST_SENDING = 2_000;

/** Sends, and records the exchange as it would be recorded of the page. */
export function sendPost(
  { url, headers: given, credentials, isForm }: PostWay,
  data: CarrierData,
  outcome: PostOutcome,
  { exchange, natives, act, report }: PostContext,
): void {
  const said = isForm ? formText(data) : data;
  const body = said === undefined ? undefined : recordedPayload(said, natives);
  if (said === undefined || body === undefined || body.kind === "later") {
    outcome.done(isForm ? "A form of classic SignalR carries well-formed text only." : NO_BLOB);
    return;
  }
  let cancelWaiting: (() => void) | undefined;
  let isTold = false;

  function tell(refusal: string | undefined): void {
    cancelWaiting?.();
    if (!isTold) outcome.done(refusal);
    isTold = true;
  }

  function failed(): void {
    const error = "The request did not finish.";
    report({ type: "http-ended", at: natives.now(), exchange, error }, true);
    outcome.answered();
    tell(error);
  }

  function ended(refusal: string | undefined): void {
    report({ type: "http-ended", at: natives.now(), exchange }, true);
    tell(refusal);
  }

  function responded(response: Response): void {
    const status = act.statusOf(response);
    report({ type: "http-response", at: natives.now(), exchange, status }, true);
    const isTaken = status >= 200 && status < 300;
    const refusal = isTaken ? undefined : `The server answered with status ${status}.`;
    if (!isForm) {
      ended(refusal);
      return;
    }
    const read = (text: string) => {
      const payload = textPayload(text);
      if (text !== "") report({ type: "http-response-body", at: natives.now(), exchange, payload }, true);
      // An empty answer leaves the reply to the transport that receives.
      if (text !== "" || !isTaken) outcome.answered();
      ended(refusal);
    };
    natives.settled(
      act.textOf(response),
      (text) => quietly(() => read(text)),
      () => quietly(failed),
    );
  }

  const headers = isForm ? formHeaders(given) : bare({ ...given });
  const type = headers["content-type"];
  const shown = type === undefined ? {} : { headers: { "content-type": type } };
  const request = { type: "http-request", at: natives.now(), exchange, method: "POST", url } as const;
  report({ ...request, ...shown, body, act: "sent" }, true);
  const answer = act.fetch(url, { method: "POST", headers, credentials, body: said });
  if (isForm) cancelWaiting = act.after(LONGEST_SENDING, () => tell(undefined));
  natives.settled(
    answer,
    (response) => quietly(() => responded(response)),
    () => quietly(failed),
  );
}

const NO_BLOB = "A Blob cannot be sent here.";

/** Undefined where no form can carry it: classic SignalR has no bytes, and UTF-8 no lone surrogates. */
function formText(data: CarrierData): string | undefined {
  return typeof data === "string" ? quietly(() => formOf(data)) : undefined;
}
