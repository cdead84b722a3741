import { Fragment } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { KEY_HELP } from "./shortcuts.ts";
import "./keys.css";

/** What the keys do. */
export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const sheet = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    sheet.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div ref={sheet} class="key-sheet" role="dialog" aria-label="Keys" tabIndex={-1}>
      <header>
        <h2>Keys</h2>
        <button type="button" class="tool" aria-label="Close keys" title="Close (Esc)" onClick={onClose}>
          ✕
        </button>
      </header>
      <dl>
        {KEY_HELP.map(({ keys, does }) => (
          <Fragment key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
    </div>
  );
}
