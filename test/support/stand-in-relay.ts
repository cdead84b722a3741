/**
 * A relay for tests of the page hook: holds the real end of the node, and passes what the hook observes to the binding
 * of the test. Built into one script and run in the page's own world before the hook; like a relay's world it must not
 * depend on what the page does to its own.
 *
 * @module
 */
import { isMessageOf } from "../../extension/channel/channel.ts";
import { captureEventNatives } from "../../extension/channel/event-natives.ts";
import { FROM_PAGE, isObservedEvent } from "../../extension/channel/messages.ts";
import { takeNode } from "../../extension/channel/node-link.ts";
import { REPORT_BINDING, TELL_HOOK } from "./stand-in-names.ts";

const { stringify } = JSON;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { keys } = Object;

const report = (globalThis as unknown as Record<string, ((text: string) => void) | undefined>)[
  REPORT_BINDING
];
Reflect.deleteProperty(globalThis, REPORT_BINDING);
const natives = captureEventNatives(window);

const end = takeNode(document, natives, {
  receive(message) {
    if (!isMessageOf(FROM_PAGE, message) || message.type !== "observed") return;
    for (const observed of message.body.events) {
      report?.(isObservedEvent(observed) ? written(observed.event) : '{"type":"refused"}');
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
  for (const key of keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) continue;
    text += `${text === "" ? "" : ","}${isList ? "" : `${stringify(key)}:`}${written(item)}`;
  }
  return isList ? `[${text}]` : `{${text}}`;
}
