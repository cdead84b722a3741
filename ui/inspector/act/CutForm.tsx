import type { BreakModel } from "./break-model.ts";
import { CloseFields } from "./CloseFields.tsx";

/** Ends the connection now. */
export function CutForm({ breaking }: { readonly breaking: BreakModel }) {
  const ability = breaking.cutAbility.value;
  const closesWithCode = breaking.closesWithCode.value;
  const obstacle = closesWithCode ? breaking.closeObstacle.value : undefined;
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
          title={
            closesWithCode
              ? "As if the network had gone: the page sees close code 1006"
              : "As if the network had gone: the page sees a network error"
          }
          disabled={!ability.can}
          aria-describedby="act-cut-says"
          onClick={breaking.cut}
        >
          {closesWithCode ? "Cut now (1006)" : "Cut now"}
        </button>
        {closesWithCode ? <CloseFields breaking={breaking} isDisabled={!ability.can} /> : null}
      </div>
      <p id="act-cut-says" class={ability.can && obstacle === undefined ? "quiet act-says" : "act-reason"}>
        {ability.can ? (obstacle ?? "Ends the chosen connection once, now.") : ability.reason}
      </p>
      {breaking.cutSaid.value === "" ? null : <p>{breaking.cutSaid.value}</p>}
    </form>
  );
}
