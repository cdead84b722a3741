import { bare, getter, method } from "./natives.ts";

/** What a node link needs of the platform, taken before the page can change it. */
export interface EventNatives {
  listen(target: EventTarget, type: string, listener: (event: Event) => void): void;
  unlisten(target: EventTarget, type: string, listener: (event: Event) => void): void;
  dispatch(target: EventTarget, event: Event): boolean;
  event(type: string, init?: EventInit): Event;
  customEvent(type: string, init: CustomEventInit<unknown>): Event;
  mouseEvent(type: string, init: MouseEventInit): Event;
  detail(event: Event): unknown;
  relatedTarget(event: Event): EventTarget | null;
  parse(text: unknown): unknown;
}

export type EventScope = Pick<
  typeof globalThis,
  "EventTarget" | "Event" | "CustomEvent" | "MouseEvent" | "JSON"
>;

export function captureEventNatives(scope: EventScope): EventNatives {
  const { Event, CustomEvent, MouseEvent } = scope;
  const { parse } = scope.JSON;
  const detail = getter(CustomEvent.prototype, "detail");
  const relatedTarget = getter(MouseEvent.prototype, "relatedTarget");
  return {
    listen: method(scope.EventTarget.prototype.addEventListener),
    unlisten: method(scope.EventTarget.prototype.removeEventListener),
    dispatch: method(scope.EventTarget.prototype.dispatchEvent),
    event: (type, init) => new Event(type, init && bare(init)),
    customEvent: (type, init) => new CustomEvent(type, bare(init)),
    mouseEvent: (type, init) => new MouseEvent(type, bare(init)),
    detail: (event) => detail(event as CustomEvent),
    relatedTarget: (event) => relatedTarget(event as MouseEvent),
    parse: (text) => (typeof text === "string" ? parse(text) : undefined),
  };
}
