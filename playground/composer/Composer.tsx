import type { KeyboardEventHandler } from "preact";
import { ArgumentsEditor } from "../../ui/arguments/ArgumentsEditor.tsx";
import type { WorkbenchModel } from "../workbench/workbench-model.ts";
import type { CallKind } from "./composer-model.ts";
import "./composer.css";

export interface ComposerProps {
  readonly workbench: WorkbenchModel;
  /** What the target does, where it is known. */
  readonly description: string | undefined;
  /** Targets to offer while the user types. */
  readonly targets: readonly string[];
}

const KINDS: readonly { readonly kind: CallKind; readonly label: string; readonly title: string }[] = [
  { kind: "invoke", label: "Invoke", title: "Call and wait for the answer" },
  { kind: "stream", label: "Stream", title: "Call and receive items until the stream ends or is cancelled" },
  { kind: "send", label: "Send", title: "Call without an answer" },
];

/** What to call, with which arguments. */
export function Composer({ workbench, description, targets }: ComposerProps) {
  const { composer } = workbench;
  const parsed = composer.parsed.value;
  const fault = parsed.kind === "faulty" ? parsed : undefined;
  const obstacle = composer.obstacle.value;
  const press: KeyboardEventHandler<HTMLElement> = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    workbench.call(composer.kind.value);
  };
  return (
    <section class="pg-composer" aria-label="Call" onKeyDown={press}>
      <div class="pg-call">
        <input
          type="text"
          aria-label="Target"
          placeholder="Target"
          list="pg-targets"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          value={composer.target.value}
          onInput={(event) => composer.setTarget(event.currentTarget.value)}
        />
        <datalist id="pg-targets">
          {targets.map((target) => (
            <option key={target} value={target} />
          ))}
        </datalist>
        {KINDS.map(({ kind, label, title }) => (
          <button
            key={kind}
            type="button"
            title={obstacle ?? title}
            class={composer.kind.value === kind ? "pg-button pg-primary" : "pg-button"}
            disabled={!composer.canCall.value}
            onClick={() => workbench.call(kind)}
          >
            {label}
          </button>
        ))}
      </div>
      {(description ?? obstacle) ? <p class="pg-quiet">{description ?? obstacle}</p> : null}
      <h2>Arguments</h2>
      <ArgumentsEditor
        text={composer.text.value}
        faultId={fault ? "pg-fault" : undefined}
        hintId="pg-hint"
        onText={composer.setText}
      />
      {fault ? (
        <p id="pg-fault" class="pg-fault" role="status">
          Line {fault.line}, column {fault.column}: {fault.message}
        </p>
      ) : null}
      <p id="pg-hint" class="pg-quiet pg-hint">
        JSON values, separated by commas. <code>stream(1, 2, 3)</code> uploads a stream. <kbd>Ctrl</kbd>
        <kbd>Enter</kbd> calls.
      </p>
    </section>
  );
}
