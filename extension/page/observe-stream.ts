import { textPayload } from "./copy-payload.ts";
import type { ExchangeObservation } from "./observe-exchange.ts";
import type { PageRecording } from "./page-recording.ts";
import { placeIn, sliceText } from "./text-natives.ts";
import type { ObserveStream, StreamEventFacts } from "./watch-event-source.ts";

const EVENT_STREAM = "text/event-stream";

/**
 * An EventSource as exchanges, one for each request that the browser makes: what it gives out is written again in the
 * format of the stream, without what it does not tell (comments, `retry`, how lines ended).
 *
 * `accept` and 200 are stated: the browser asks with the one, and opens for no other answer than the other.
 */
export function createStreamObservation(
  { wantsOthers, interceptor }: PageRecording,
  exchanges: ExchangeObservation,
): ObserveStream {
  return (source, url) => {
    const request = { method: "GET", url, headers: { accept: EVENT_STREAM } };
    const recognised = exchanges.recognise(request);
    if (recognised === undefined) return undefined;
    const begin = () => exchanges.begin(request, recognised);
    let attempt = begin();
    let isAnswered = false;
    /** The browser is between two attempts: nothing is open. */
    let isGone = false;
    let lastId = "";

    /** The browser says nothing when it asks again: an attempt is known by how it comes out. */
    function goOn(): void {
      if (!isGone) return;
      isGone = false;
      isAnswered = false;
      attempt = begin();
    }

    return {
      isKnown: recognised.isCertain,
      hasNamedEvents: !recognised.isCertain && wantsOthers(),
      tap: interceptor?.tapStream(
        attempt.exchange,
        source,
        {
          report(direction, payload, act) {
            if (direction !== "in" || payload.kind !== "text") return;
            const text = eventText({ type: "message", data: payload.text, id: lastId }, lastId);
            attempt.piece(textPayload(text), act === undefined ? {} : { act });
          },
          isRecorded: () => recognised.isCertain,
        },
        () => {
          attempt.failed("Hubscope cut the stream.", "cut");
          isGone = false;
        },
      ),
      opened() {
        goOn();
        isAnswered = true;
        attempt.responded(200, { "content-type": EVENT_STREAM });
      },
      event(event) {
        attempt.piece(textPayload(eventText(event, lastId)));
        lastId = event.id;
      },
      broke(goesOn) {
        goOn();
        if (isAnswered) attempt.ended();
        else attempt.failed(goesOn ? "The browser could not connect." : "The browser refused the answer.");
        isGone = goesOn;
      },
      refused() {
        attempt.failed("The browser could not connect.", "refused");
      },
      closed() {
        if (!isGone) attempt.cancelled();
        isGone = false;
      },
      get isOver() {
        return attempt.isOver && !isGone;
      },
    };
  };
}

/** HTML Living Standard, "Parsing an event stream": the lines that give this event. */
export function eventText({ type, data, id }: StreamEventFacts, lastId: string): string {
  const name = type === "message" ? "" : `event: ${type}\n`;
  const changed = id === lastId ? "" : `id: ${id}\n`;
  return `${name}${changed}${dataLines(data)}\n`;
}

function dataLines(data: string): string {
  let lines = "";
  let start = 0;
  for (let end = placeIn(data, "\n"); end >= 0; end = placeIn(data, "\n", start)) {
    lines += `data: ${sliceText(data, start, end)}\n`;
    start = end + 1;
  }
  return `${lines}data: ${sliceText(data, start)}\n`;
}
