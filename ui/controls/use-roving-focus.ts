import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const CONTROLS = "button, select, input, [role=tab]";

/** One tab stop for a group of controls; Left, Right, Home and End move inside it. A text field keeps its own keys. */
export function useRovingFocus(): RefObject<HTMLDivElement | null> {
  const group = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = group.current;
    if (element === null) return undefined;
    const controls = (): HTMLElement[] =>
      [...element.querySelectorAll<HTMLElement>(CONTROLS)].filter((control) => !isTextField(control));
    const rove = (to: HTMLElement | undefined): void => {
      for (const control of controls()) control.tabIndex = control === to ? 0 : -1;
    };
    if (!controls().some((control) => control.tabIndex === 0 && control === document.activeElement)) {
      rove(controls().find((control) => control.getAttribute("aria-selected") === "true") ?? controls()[0]);
    }
    const controller = new AbortController();
    const { signal } = controller;
    element.addEventListener(
      "focusin",
      ({ target }) => {
        if (target instanceof HTMLElement && controls().includes(target)) rove(target);
      },
      { signal },
    );
    element.addEventListener(
      "keydown",
      (event) => {
        const all = controls();
        const index = all.findIndex((control) => control.matches(":focus"));
        const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: all.length - 1 }[event.key];
        if (index < 0 || to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        all[(to + all.length) % all.length]?.focus();
      },
      { signal },
    );
    return () => controller.abort();
  });

  return group;
}

function isTextField(control: HTMLElement): boolean {
  return control instanceof HTMLInputElement && control.type !== "checkbox";
}
