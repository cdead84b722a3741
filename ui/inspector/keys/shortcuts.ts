import type { ActModel } from "../act/act-model.ts";
import type { InspectorModel } from "../inspector-model.ts";

/** What a key press was, without the DOM. */
export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  /** A text field has the focus: letters are text. */
  readonly inText: boolean;
  readonly hasTextSelected: boolean;
}

/** What only the view can do. */
export interface KeyEffects {
  focusFilter(): void;
  focusLog(): void;
}

export interface KeyHelp {
  readonly keys: readonly string[];
  readonly does: string;
}

const KEY_HELP: readonly KeyHelp[] = [
  { keys: ["↑", "↓", "Page ↑", "Page ↓", "Home", "End"], does: "Move in the log, the tree and the lists" },
  { keys: ["Enter"], does: "Open the detail" },
  { keys: ["Esc"], does: "Close the detail, return to the log" },
  { keys: ["Ctrl+F", "/"], does: "Filter" },
  { keys: ["Ctrl+L", "Ctrl+K"], does: "Clear" },
  { keys: ["Ctrl+E"], does: "Pause or go on recording" },
  { keys: ["j", "k"], does: "Next and previous message of the same invocation" },
  { keys: ["]", "["], does: "Next and previous error" },
  { keys: ["Ctrl+C"], does: "Copy the message as JSON" },
  { keys: ["Shift+←", "Shift+→"], does: "Resize the column whose header has the focus" },
  { keys: ["Shift+F10"], does: "Menu of the message; on the header of the log, of the columns" },
  { keys: ["?"], does: "Show the keys" },
];

/** Where a connection of the page can be acted on. */
const ACT_HELP: readonly KeyHelp[] = [
  { keys: ["s"], does: "Send or simulate a message" },
  { keys: ["e"], does: "Edit the message, and send or simulate it again" },
  { keys: ["b"], does: "Break a connection" },
  { keys: ["Ctrl+Enter"], does: "Send, in the drawer" },
];

export function keyHelp({ act }: InspectorModel): readonly KeyHelp[] {
  return act === undefined ? KEY_HELP : [...KEY_HELP, ...ACT_HELP];
}

/** True where the key meant something, anywhere in the inspector. */
export function pressShortcut(model: InspectorModel, press: KeyPress, effects: KeyEffects): boolean {
  if (press.alt) return false;
  return press.ctrl ? pressWithControl(model, press, effects) : pressPlain(model, press, effects);
}

function pressWithControl(model: InspectorModel, press: KeyPress, effects: KeyEffects): boolean {
  switch (press.key.toLowerCase()) {
    case "f":
      return done(effects.focusFilter());
    case "l":
    case "k":
      return done(model.clear());
    case "e":
      return done(model.toggleRecording());
    case "c":
      if (press.inText || press.hasTextSelected || model.log.selectedEntry.value === undefined) return false;
      return done(model.copyJson());
    default:
      return false;
  }
}

function pressPlain(model: InspectorModel, press: KeyPress, effects: KeyEffects): boolean {
  if (press.key === "Escape") return pressEscape(model, effects);
  if (press.inText) return false;
  switch (press.key) {
    case "/":
      return done(effects.focusFilter());
    case "j":
      return done(model.seekRelated(1));
    case "k":
      return done(model.seekRelated(-1));
    case "]":
      return done(model.seekError(1));
    case "[":
      return done(model.seekError(-1));
    case "?":
      return done(model.showKeys(true));
    default:
      return model.act !== undefined && pressAct(model.act, model, press.key);
  }
}

function pressAct(act: ActModel, { log }: InspectorModel, key: string): boolean {
  switch (key) {
    case "s":
      return done(act.open("send"));
    case "b":
      return done(act.open("break"));
    case "e": {
      const again = act.againOf(log.selectedEntry.value);
      return again?.content !== undefined && done(act.edit(again));
    }
    default:
      return false;
  }
}

function pressEscape(model: InspectorModel, effects: KeyEffects): boolean {
  if (model.areKeysShown.value) model.showKeys(false);
  else if (model.isDetailOpen.value) model.closeDetail();
  else if (model.act?.drawer.value !== undefined) model.act.close();
  else if (model.log.selected.value === undefined) return false;
  effects.focusLog();
  return true;
}

/** Keys of the log itself. */
export function pressInLog(model: InspectorModel, { key, ctrl, alt, shift }: KeyPress): boolean {
  if (ctrl || alt || shift) return false;
  const { log } = model;
  switch (key) {
    case "ArrowDown":
      return done(log.move(1));
    case "ArrowUp":
      return done(log.move(-1));
    case "PageDown":
      return done(log.movePage(1));
    case "PageUp":
      return done(log.movePage(-1));
    case "Home":
      return done(log.moveToStart());
    case "End":
      return done(log.moveToEnd());
    case "Enter":
      return done(model.openDetail());
    default:
      return false;
  }
}

function done(_outcome: unknown): true {
  return true;
}
