import { type OpenedFrom, type OptionsModel, patternToAsk } from "./options-model.ts";

const STATES: Readonly<Record<OpenedFrom["state"], string>> = {
  recorded: "Recorded, with all its frames.",
  "switched-off": "Switched off: nothing of it is recorded.",
  "not-read": "Hubscope does not read this site yet.",
};

/** The page whose panel led here, and the one thing to do about it. */
export function OpenedFromSection({
  model,
  page,
}: {
  readonly model: OptionsModel;
  readonly page: OpenedFrom;
}) {
  const { origin, state } = page;
  return (
    <section aria-labelledby="this-page">
      <h2 id="this-page">The page you came from</h2>
      <ul class="sites" aria-label="The page you came from">
        <li>
          <span class="site">
            {origin} <span class="note">{STATES[state]}</span>
          </span>
          <button
            type="button"
            onClick={() => {
              if (state === "not-read") void model.ask([patternToAsk(origin)]);
              else void model.switchTo(origin, state === "recorded" ? "off" : "on");
            }}
          >
            {state === "not-read" ? "Allow" : state === "recorded" ? "Switch off" : "Switch on"}
          </button>
        </li>
      </ul>
    </section>
  );
}
