import { Fragment } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { InspectorModel } from "../inspector-model.ts";
import { keyHelp } from "./shortcuts.ts";
import "./keys.css";

/** What the keys do. */
export function KeySheet({ model }: { readonly model: InspectorModel }) {
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
        <button
          type="button"
          class="tool"
          aria-label="Close keys"
          title="Close (Esc)"
          onClick={() => model.showKeys(false)}
        >
          ✕
        </button>
      </header>
      <dl>
        {keyHelp(model).map(({ keys, does }) => (
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
