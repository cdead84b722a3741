import { Menu } from "../../controls/Menu.tsx";
import type { DecodeModel } from "./decode-model.ts";

export interface DecodeMenuProps {
  readonly model: DecodeModel;
  /** Where its corner is, in px of the window. */
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

/** The same choice for any connection, where it is asked for; or why there is none. */
export function DecodeMenu({ model, at, onClose }: DecodeMenuProps) {
  const shown = model.selected.value;
  const certainty = model.certainty.value;
  if (shown === undefined) {
    if (certainty === undefined) return null;
    const items = [{ label: certainty, isDisabled: true, run: onClose }] as const;
    return <Menu label="Decode as" at={at} items={items} onClose={onClose} />;
  }
  const { connection, current, choices } = shown;
  const items = choices.map(({ protocol, label }) => ({
    label: `Decode as ${label}`,
    checked: protocol === current,
    run: () => model.decodeAs(connection, protocol),
  }));
  return <Menu label="Decode as" at={at} items={items} onClose={onClose} />;
}
