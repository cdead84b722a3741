import { useLayoutEffect, useRef } from "preact/hooks";
import "./controls.css";

export interface MenuItem {
  readonly label: string;
  readonly hint?: string;
  /** Present: the item is a check box. */
  readonly checked?: boolean;
  /** It only says something: why there is no choice. */
  readonly isDisabled?: true;
  readonly run: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Where its corner is, in px of the window. */
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

/** A menu over everything, as the browser's own: arrow keys, Escape, and a click elsewhere closes it. */
export function Menu({ label, items, at, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = menu.current;
    if (element === null) return undefined;
    const before = document.activeElement;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(0, Math.min(at.x, window.innerWidth - width - 4))}px`;
    element.style.top = `${Math.max(0, Math.min(at.y, window.innerHeight - height - 4))}px`;
    element.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    return () => {
      // What the menu opened may have taken the focus already.
      const isTaken = document.activeElement !== document.body && !element.contains(document.activeElement);
      if (before instanceof HTMLElement && !isTaken) before.focus({ preventScroll: true });
    };
  }, [at.x, at.y]);

  const press = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const all = [...(menu.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const index = all.findIndex((item) => item.matches(":focus"));
    const focus = (to: number): void => all[(to + all.length) % all.length]?.focus();
    if (event.key === "ArrowDown") focus(index + 1);
    else if (event.key === "ArrowUp") focus(index - 1);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(-1);
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={menu}
      class="menu"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={press}
      onContextMenu={(event) => event.preventDefault()}
      onFocusOut={({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && menu.current?.contains(relatedTarget))) onClose();
      }}
    >
      {items.map(({ label: text, hint, checked, isDisabled, run }) => (
        <button
          key={text}
          type="button"
          role={checked === undefined ? "menuitem" : "menuitemcheckbox"}
          {...(checked === undefined ? {} : { "aria-checked": checked })}
          {...(isDisabled === true ? { "aria-disabled": true } : {})}
          tabIndex={-1}
          onClick={() => {
            onClose();
            if (isDisabled !== true) run();
          }}
        >
          <span class="menu-check" aria-hidden="true">
            {checked === true ? "✓" : ""}
          </span>
          {text}
          {hint === undefined ? null : <span class="menu-hint">{hint}</span>}
        </button>
      ))}
    </div>
  );
}
