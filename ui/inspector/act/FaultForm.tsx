import type { BreakModel } from "./break-model.ts";
import { FAULT_CHOICES, type FaultDraft } from "./fault-draft.ts";

interface FaultFormProps {
  readonly breaking: BreakModel;
}

/** One fault to add. */
export function FaultForm({ breaking }: FaultFormProps) {
  const draft = breaking.draft.value;
  const choice = FAULT_CHOICES.find(({ kind }) => kind === draft.kind);
  const obstacle = breaking.obstacle.value;
  const exception = breaking.exception.value;
  const meetsMessages = draft.kind === "drop" || draft.kind === "delay" || draft.kind === "reorder";
  return (
    <form
      class="act-faults"
      aria-label="New fault"
      onSubmit={(event) => {
        event.preventDefault();
        breaking.add();
      }}
    >
      <div class="act-line">
        <select
          class="act-input"
          aria-label="Fault"
          data-first
          value={draft.kind}
          onChange={({ currentTarget }) => {
            const chosen = FAULT_CHOICES.find(({ kind }) => kind === currentTarget.value);
            if (chosen !== undefined) breaking.change({ kind: chosen.kind });
          }}
        >
          {FAULT_CHOICES.map(({ kind, label }) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </select>
        {meetsMessages ? <MessageFields breaking={breaking} /> : null}
        {draft.kind === "refuse" ? (
          <NumberField label="Attempts" unit="" name="times" breaking={breaking} />
        ) : null}
        <select
          class="act-input"
          aria-label="Where"
          value={draft.isEverywhere ? "all" : "one"}
          onChange={({ currentTarget }) => breaking.change({ isEverywhere: currentTarget.value === "all" })}
        >
          <option value="all">every connection</option>
          <option value="one">this connection</option>
        </select>
        <button
          type="submit"
          class="push primary"
          disabled={obstacle !== undefined}
          aria-describedby="act-fault-says"
        >
          Add fault
        </button>
      </div>
      <p id="act-fault-says" class={breaking.ability.value.can ? "quiet act-says" : "act-reason"}>
        {obstacle ?? choice?.says}
        {obstacle === undefined && exception !== undefined ? ` Not on the chosen one: ${exception}` : ""}
      </p>
    </form>
  );
}

function MessageFields({ breaking }: FaultFormProps) {
  const draft = breaking.draft.value;
  return (
    <>
      <select
        class="act-input"
        aria-label="Direction of the messages"
        value={draft.direction}
        onChange={({ currentTarget }) =>
          breaking.change({ direction: currentTarget.value === "out" ? "out" : "in" })
        }
      >
        <option value="in">↓ to the page</option>
        <option value="out">↑ to the server</option>
      </select>
      <input
        class="act-input act-name"
        type="text"
        aria-label="Target of the messages"
        placeholder="any target"
        title="Exactly as the hub names it; what answers such a call is met too"
        list="act-fault-targets"
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        value={draft.target}
        onInput={({ currentTarget }) => breaking.change({ target: currentTarget.value })}
      />
      <datalist id="act-fault-targets">
        {breaking.targets.value.map((target) => (
          <option key={target} value={target} />
        ))}
      </datalist>
      <NumberField label="Share" unit="%" name="share" breaking={breaking} />
      {draft.kind === "drop" ? null : (
        <NumberField
          label={draft.kind === "delay" ? "Delay" : "Longest wait"}
          unit="ms"
          name="delay"
          breaking={breaking}
        />
      )}
    </>
  );
}

interface NumberFieldProps extends FaultFormProps {
  readonly label: string;
  readonly unit: string;
  readonly name: keyof Pick<FaultDraft, "share" | "delay" | "times">;
}

function NumberField({ label, unit, name, breaking }: NumberFieldProps) {
  return (
    <label class="act-number">
      <input
        class="act-input"
        type="text"
        inputMode="decimal"
        aria-label={unit === "" ? label : `${label}, ${unit}`}
        title={label}
        value={breaking.draft.value[name]}
        onInput={({ currentTarget }) => breaking.change({ [name]: currentTarget.value })}
      />
      <span aria-hidden="true">{unit === "" ? label.toLowerCase() : unit}</span>
    </label>
  );
}
