import type { KeyPress } from "./shortcuts.ts";

/** A keyboard event as the models know it. */
export function keyPress(event: KeyboardEvent): KeyPress {
  // On many keyboards the brackets are typed with AltGr, which Windows reports as Ctrl and Alt together.
  const isAltGraph = event.getModifierState("AltGraph");
  return {
    key: event.key,
    ctrl: !isAltGraph && (event.ctrlKey || event.metaKey),
    alt: !isAltGraph && event.altKey,
    shift: event.shiftKey,
    inText: isTextField(event.target),
    hasTextSelected: window.getSelection()?.isCollapsed === false,
  };
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
