import type { BreakModel } from "./break-model.ts";

/** The close code and reason, and what closes with them. */
export function CloseFields({
  breaking,
  isDisabled,
}: {
  readonly breaking: BreakModel;
  readonly isDisabled: boolean;
}) {
  const { closeObstacle, closeCode, closeReason } = breaking;
  return (
    <>
      <span class="act-or">or close with</span>
      <label class="act-number">
        <input
          class="act-input"
          type="text"
          inputMode="numeric"
          aria-label="Close code"
          value={closeCode.value}
          onInput={({ currentTarget }) => breaking.changeClose({ code: currentTarget.value })}
        />
      </label>
      <input
        class="act-input act-name"
        type="text"
        aria-label="Close reason"
        placeholder="reason"
        value={closeReason.value}
        onInput={({ currentTarget }) => breaking.changeClose({ reason: currentTarget.value })}
      />
      <button
        type="submit"
        class="push"
        disabled={isDisabled || closeObstacle.value !== undefined}
        aria-describedby="act-cut-says"
      >
        Close connection
      </button>
    </>
  );
}
