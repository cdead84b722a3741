import { useId, useRef } from "preact/hooks";
import type { AddressField } from "./options-model.ts";

export interface AddressFormProps {
  readonly field: AddressField;
  readonly label: string;
  readonly example: string;
  readonly action: string;
}

/** One address and what is done with it. A fault is said below the field, which keeps the focus. */
export function AddressForm({ field, label, example, action }: AddressFormProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const fault = field.fault.value;
  return (
    <form
      class="address"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // Called at once: the browser asks only within the click itself.
        void field.submit().then(() => input.current?.focus());
      }}
    >
      <label for={id}>{label}</label>
      <span class="address-line">
        <input
          ref={input}
          id={id}
          type="text"
          inputMode="url"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          placeholder={example}
          value={field.text.value}
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? undefined : `${id}-fault`}
          onInput={({ currentTarget }) => field.type(currentTarget.value)}
        />
        <button type="submit">{action}</button>
      </span>
      {fault === undefined ? null : (
        <p id={`${id}-fault`} class="fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
}
