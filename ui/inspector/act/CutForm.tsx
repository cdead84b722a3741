import type { BreakModel } from "./break-model.ts";

/** Ends the connection now. */
export function CutForm({ breaking }: { readonly breaking: BreakModel }) {
  const { cutAbility, closeObstacle, closeCode, closeReason, cutSaid } = breaking;
  const ability = cutAbility.value;
  const obstacle = closeObstacle.value;
  return (
    <form
      class="act-cut"
      aria-label="End the connection"
      onSubmit={(event) => {
        event.preventDefault();
        breaking.close();
      }}
    >
      <div class="act-line">
        <button
          type="button"
          class="push"
          title="As if the network had gone: over a WebSocket the page sees close code 1006, over HTTP a network error"
          disabled={!ability.can}
          aria-describedby="act-cut-says"
          onClick={breaking.cut}
        >
          Cut now (1006)
        </button>
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
          disabled={!ability.can || obstacle !== undefined}
          aria-describedby="act-cut-says"
        >
          Close connection
        </button>
      </div>
      <p id="act-cut-says" class={ability.can && obstacle === undefined ? "quiet act-says" : "act-reason"}>
        {ability.can ? (obstacle ?? "Ends the chosen connection once, now.") : ability.reason}
      </p>
      {cutSaid.value === "" ? null : <p>{cutSaid.value}</p>}
    </form>
  );
}
