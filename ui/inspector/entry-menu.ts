import type { LogEntry } from "../../core/src/session/model.ts";
import type { MenuItem } from "../controls/Menu.tsx";
import type { InspectorModel } from "./inspector-model.ts";

/** What can be done with an entry: copied, and where there is an actor sent or simulated once more. */
export function entryMenuItems(model: InspectorModel, entry: LogEntry): readonly MenuItem[] {
  return [...copyItems(model, entry), ...againItems(model, entry)];
}

export function copyItems(model: InspectorModel, entry: LogEntry): readonly MenuItem[] {
  const items: MenuItem[] = [{ label: "Copy as JSON", hint: "Ctrl+C", run: model.copyJson }];
  if (entry.kind === "message") {
    const isText = entry.record.raw.kind === "text";
    const label = entry.isRewritten ? "Copy text" : isText ? "Copy raw" : "Copy raw as hex";
    items.push({ label, run: model.copyRaw });
  }
  return items;
}

export function againItems({ act }: InspectorModel, entry: LogEntry): readonly MenuItem[] {
  const again = act?.againOf(entry);
  if (act === undefined || again === undefined) return [];
  const isOut = again.mode === "send";
  return [
    ...(again.payload === undefined
      ? []
      : [{ label: isOut ? "Send again as it was" : "Simulate as it was", run: () => act.repeat(again) }]),
    ...(again.content === undefined
      ? []
      : [
          {
            label: isOut ? "Edit and send…" : "Edit and simulate…",
            hint: "e",
            run: () => act.edit(again),
          },
        ]),
  ];
}
