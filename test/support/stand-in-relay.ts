/**
 * A relay for tests of the page hook: holds the real end of the node, and passes what the hook observes to the binding
 * of the test. Built into one script and run in the page's own world before the hook; like a relay's world it must not
 * depend on what the page does to its own.
 *
 * @module
 */
import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { isMessageOf } from "../../extension/channel/channel.ts";
import { captureEventNatives } from "../../extension/channel/event-natives.ts";
import { FROM_PAGE, isObservedEvent } from "../../extension/channel/messages.ts";
import { takeNode } from "../../extension/channel/node-link.ts";
import { isPayloadRun, runEvents } from "../../extension/channel/payload-run.ts";
import { putTexts } from "../../extension/channel/texts-apart.ts";
import { LAST_WORDS, REPORT_BINDING, TELL_HOOK } from "./stand-in-names.ts";

const { stringify } = JSON;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { keys } = Object;

const report = (globalThis as unknown as Record<string, ((text: string) => void) | undefined>)[
  REPORT_BINDING
];
Reflect.deleteProperty(globalThis, REPORT_BINDING);
const natives = captureEventNatives(window);

/** The last two, a line each. */
let recent = "";

function leave(): void {
  const earlier = localStorage.getItem(LAST_WORDS);
  localStorage.setItem(LAST_WORDS, earlier === null ? recent : `${earlier}\n${recent}`);
}

function observe(event: CaptureEvent | undefined): void {
  const text = event === undefined ? '{"type":"refused"}' : written(event);
  report?.(text);
  recent = recent === "" ? text : `${recent.slice(recent.lastIndexOf("\n") + 1)}\n${text}`;
  // No binding is heard any more from a document that goes.
  if (event?.type === "document-ended") leave();
}

const end = takeNode(document, natives, {
  receive(message, texts) {
    if (!isMessageOf(FROM_PAGE, message)) return;
    if (message.type !== "observed") {
      report?.(written(message));
      return;
    }
    const { events } = message.body;
    putTexts(events, texts);
    for (let at = 0; at < events.length; at++) {
      const one = events[at];
      if (!isPayloadRun(one)) {
        observe(isObservedEvent(one) ? one.event : undefined);
        continue;
      }
      const payloads = runEvents(one);
      for (let index = 0; index < payloads.length; index++) observe(payloads[index]);
    }
  },
  waiting: () => end.pull(),
});
natives.listen(document, TELL_HOOK, (event) => end.send(natives.detail(event)));

/** JSON without calling a `toJSON` that the page may have planted. */
function written(value: unknown): string {
  if (typeof value !== "object" || value === null) return stringify(value) ?? "null";
  const isList = isArray(value) || isView(value);
  let text = "";
  const names = keys(value);
  for (let at = 0; at < names.length; at++) {
    const key = names[at] ?? "";
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) continue;
    text += `${text === "" ? "" : ","}${isList ? "" : `${stringify(key)}:`}${written(item)}`;
  }
  return isList ? `[${text}]` : `{${text}}`;
}
