import type { BreakModel, FaultItem } from "./break-model.ts";

interface FaultListProps {
  readonly breaking: BreakModel;
}

/** What is broken, and what was and is switched off. */
export function FaultList({ breaking }: FaultListProps) {
  const items = breaking.items.value;
  return (
    <section class="act-results" aria-label="Faults">
      {items.length === 0 ? (
        <p class="quiet">
          Nothing is broken. What you add stands here, and all is undone when this panel closes.
        </p>
      ) : (
        <>
          <ul>
            {items.map((item) => (
              <FaultLine key={item.id} item={item} breaking={breaking} />
            ))}
          </ul>
          <p class="quiet">All is undone when this panel closes.</p>
        </>
      )}
    </section>
  );
}

function FaultLine({ item, breaking }: FaultListProps & { readonly item: FaultItem }) {
  const { id, sentence, scope, strikes, isOn, isSpent } = item;
  const state = isSpent ? `done: ${strikes}` : isOn ? strikes : "off";
  return (
    <li class={isOn && !isSpent ? "fault on" : "fault"}>
      <label>
        <input type="checkbox" checked={isOn} onChange={() => breaking.toggle(id)} />
        <span class="fault-words">
          {sentence} <span class="quiet">{scope}</span>
        </span>
      </label>
      <span class="fault-strikes">{state}</span>
      <button
        type="button"
        class="tool"
        aria-label={`Remove: ${sentence}`}
        title="Remove"
        onClick={() => breaking.remove(id)}
      >
        ✕
      </button>
    </li>
  );
}
