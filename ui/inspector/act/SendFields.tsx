import { ArgumentsEditor } from "../../arguments/ArgumentsEditor.tsx";
import type { OutcomeChoice } from "./send-content.ts";
import { fieldsOf } from "./send-kinds.ts";
import type { SendModel } from "./send-model.ts";

interface FieldProps {
  readonly send: SendModel;
}

/** Whom it is for: the target of a call, or the ID of an invocation. */
function Name({ send }: FieldProps) {
  const { content, targets, invocationIds } = send;
  const fields = fieldsOf(content.value.kind);
  const isTarget = fields.has("target");
  if (!isTarget && !fields.has("invocation")) return null;
  const suggestions = isTarget ? targets.value : invocationIds.value;
  const label = isTarget ? "Target" : "Invocation ID";
  return (
    <>
      <input
        key={label}
        class="act-input act-name"
        type="text"
        aria-label={label}
        placeholder={label}
        list="act-names"
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        data-first
        value={isTarget ? content.value.target : content.value.invocationId}
        onInput={({ currentTarget: { value } }) =>
          send.change(isTarget ? { target: value } : { invocationId: value })
        }
      />
      <datalist id="act-names">
        {suggestions.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

const OUTCOMES: readonly { readonly outcome: OutcomeChoice; readonly label: string }[] = [
  { outcome: "result", label: "Result" },
  { outcome: "void", label: "No result" },
  { outcome: "error", label: "Error" },
];

/** What it carries. */
function Content({ send }: FieldProps) {
  const { kind, outcome } = send.content.value;
  const fields = fieldsOf(kind);
  const hasResult = fields.has("outcome") && outcome === "result";
  return (
    <>
      {fields.has("outcome") ? <Outcome send={send} /> : null}
      {fields.has("arguments") ? <Values send={send} label="Arguments" /> : null}
      {fields.has("item") ? <Values send={send} label="Item" /> : null}
      {hasResult ? <Values send={send} label="Result" /> : null}
      {(fields.has("outcome") && outcome === "error") || fields.has("close") ? (
        <ErrorText send={send} />
      ) : null}
      {fields.has("close") ? (
        <label class="act-check">
          <input
            type="checkbox"
            checked={send.content.value.allowReconnect}
            onChange={({ currentTarget }) => send.change({ allowReconnect: currentTarget.checked })}
          />
          Allow reconnect
        </label>
      ) : null}
      {fields.has("headers") ? <Headers send={send} /> : null}
    </>
  );
}

function Outcome({ send }: FieldProps) {
  return (
    <select
      class="act-input"
      aria-label="Outcome"
      value={send.content.value.outcome}
      onChange={({ currentTarget }) => {
        const chosen = OUTCOMES.find(({ outcome }) => outcome === currentTarget.value);
        if (chosen !== undefined) send.change({ outcome: chosen.outcome });
      }}
    >
      {OUTCOMES.map(({ outcome, label }) => (
        <option key={outcome} value={outcome}>
          {label}
        </option>
      ))}
    </select>
  );
}

function Values({ send, label }: FieldProps & { readonly label: string }) {
  const fault = send.fault.value;
  const { secrets, text } = send.content.value;
  return (
    <div class="act-values">
      <ArgumentsEditor
        label={label}
        text={text}
        rows={3}
        faultId={fault === undefined ? undefined : "act-fault"}
        hintId="act-hint"
        onText={(written) => send.change({ text: written })}
      />
      {fault === undefined ? null : (
        <p id="act-fault" class="act-fault" role="status">
          {`Line ${fault.line}, column ${fault.column}: ${fault.message}`}
        </p>
      )}
      <p id="act-hint" class="quiet act-hint">
        {label === "Arguments" ? (
          <>
            JSON values, separated by commas.
            {send.isClassic.value ? null : (
              <>
                {" "}
                <code>stream(1, 2)</code> uploads a stream.
              </>
            )}
          </>
        ) : (
          "One JSON value."
        )}{" "}
        {send.protocol.value === "json" ? null : (
          <>
            <code>bytes("AAEC")</code> and <code>timestamp("2026-11-21T12:04:31Z")</code> too.{" "}
          </>
        )}
        {secrets.length === 0 ? "" : "secret(1) stands for a secret of the captured message. "}
        <kbd>Ctrl+Enter</kbd> sends.
      </p>
    </div>
  );
}

function ErrorText({ send }: FieldProps) {
  return (
    <input
      class="act-input act-wide"
      type="text"
      aria-label="Error"
      placeholder="Error"
      value={send.content.value.error}
      onInput={({ currentTarget }) => send.change({ error: currentTarget.value })}
    />
  );
}

function Headers({ send }: FieldProps) {
  const label = send.isClassic.value ? "State of the hub's proxy" : "Headers";
  return (
    <details class="act-headers" open={send.content.value.headers !== ""}>
      <summary>{label}</summary>
      <ArgumentsEditor
        label={label}
        text={send.content.value.headers}
        rows={1}
        faultId={undefined}
        hintId="act-obstacle"
        onText={(headers) => send.change({ headers })}
      />
    </details>
  );
}

export const SendFields = { Name, Content };
