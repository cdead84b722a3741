import { Choice, type ChoiceOption } from "../controls/Choice.tsx";
import type { PlaygroundModel, Source } from "../playground-model.ts";

const SOURCES: readonly ChoiceOption<Source>[] = [
  { value: "demo", label: "Demo hub" },
  { value: "server", label: "My server" },
];

export function Header({ model }: { readonly model: PlaygroundModel }) {
  return (
    <header class="pg-header">
      <h1>
        Hubscope <span>Playground</span>
      </h1>
      <Choice
        legend="Hub"
        hideLegend
        name="source"
        options={SOURCES}
        value={model.source.value}
        onChoose={model.choose}
      />
    </header>
  );
}
