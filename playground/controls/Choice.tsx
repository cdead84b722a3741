export interface ChoiceOption<T extends string> {
  readonly value: T;
  readonly label: string;
}

export interface ChoiceProps<T extends string> {
  readonly legend: string;
  /** The legend is there for those who do not see the group. */
  readonly hideLegend?: boolean;
  /** Unique in the document: native radio buttons are grouped by it. */
  readonly name: string;
  readonly options: readonly ChoiceOption<T>[];
  readonly value: T;
  readonly disabled?: boolean;
  readonly onChoose: (value: T) => void;
}

/** One of a few, side by side: native radio buttons that look like a segmented control. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  return (
    <fieldset class="pg-choice" disabled={props.disabled ?? false}>
      <legend class={props.hideLegend ? "pg-unseen" : "pg-label"}>{props.legend}</legend>
      <div class="pg-choice-options">
        {props.options.map(({ value, label }) => (
          <label key={value}>
            <input
              type="radio"
              name={props.name}
              value={value}
              checked={value === props.value}
              onChange={() => props.onChoose(value)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
