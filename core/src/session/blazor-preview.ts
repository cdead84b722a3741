import { isBlazorCall } from "../wire/blazorpack/detect.ts";
import { InteropMarker, readInteropJson } from "../wire/blazorpack/interop-json.ts";
import { rootOperations } from "../wire/blazorpack/root-operations.ts";
import type { HubMessage, WireValue } from "../wire/hub-message.ts";
import type { Direction } from "../wire/payload.ts";
import { writeList, writeValue } from "./preview-value.ts";
import type { PreviewWriter } from "./preview-writer.ts";

/**
 * A call of Blazor Server in the words of its caller: `probe.add(1, 2)` rather than five arguments, the second of them
 * JSON in a text. False, and nothing is written: it is none of those, or its arguments are not what Blazor sends.
 */
export function writeBlazorCall(
  writer: PreviewWriter,
  direction: Direction,
  message: Extract<HubMessage, { kind: "invocation" | "stream-invocation" }>,
): boolean {
  if (!isBlazorCall(direction, message)) return false;
  const [first, second, third, , fifth] = message.arguments;
  switch (message.target.toLowerCase()) {
    case "js.begininvokejs":
      return writeCall(writer, second, third);
    case "begininvokedotnetfromjs":
      return third === "DispatchEventAsync" ? writeEvent(writer, fifth) : writeCall(writer, third, fifth);
    case "endinvokejsfromdotnet":
      return writeAnswer(writer, second, third, 2);
    case "js.endinvokedotnet":
      return writeAnswer(writer, second, third, undefined);
    case "js.renderbatch":
      if (!(second instanceof Uint8Array)) return false;
      writer.push("word", "batch ");
      writer.push("number", String(first));
      writeBatch(writer, second);
      return true;
    case "updaterootcomponents":
      return typeof first === "string" && writeRoots(writer, first);
    case "js.attachcomponent":
      writer.push("word", "component ");
      writeValue(writer, first);
      writer.push("word", " at ");
      writeValue(writer, second);
      return true;
    case "onrendercompleted":
      writer.push("word", "batch ");
      writer.push("number", String(first));
      if (typeof second !== "string") return true;
      writer.push("word", " failed: ");
      writer.string(second);
      return true;
    default:
      return false;
  }
}

/** Sizes alone say little: how much of the page it touches is read from its tables, without the rest. */
function writeBatch(writer: PreviewWriter, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (offset: number): number =>
    offset >= 0 && offset + 4 <= bytes.length ? view.getInt32(offset, true) : -1;
  const table = at(bytes.length - FOOTER);
  const components = at(table);
  // Each has an entry of four bytes in the table.
  if (components < 0 || components > (bytes.length - table) / 4) return;
  let edits = 0;
  for (let index = 0; index < components; index++) edits += Math.max(0, at(at(table + 4 + index * 4) + 4));
  const noun = components === 1 ? "component" : "components";
  writer.push("word", `: ${components} ${noun}, ${edits} ${edits === 1 ? "edit" : "edits"}`);
}

/** Bytes behind the string table of a batch; the first four say where its components are. */
const FOOTER = 20;

function writeRoots(writer: PreviewWriter, json: string): boolean {
  const { operations } = rootOperations(json);
  if (operations.length === 0) return false;
  for (const [index, { type, ssrComponentId }] of operations.entries()) {
    if (index > 0) writer.push("punctuation", ", ");
    writer.push("word", `${type} root `);
    writeValue(writer, ssrComponentId);
  }
  return true;
}

function writeCall(writer: PreviewWriter, name: WireValue, json: WireValue): boolean {
  if (typeof name !== "string") return false;
  const args = typeof json === "string" ? readInteropJson(json).value : [];
  writer.push("key", name);
  writer.push("punctuation", "(");
  if (Array.isArray(args)) writeList(writer, args.map(shown));
  else writeValue(writer, shown(args));
  writer.push("punctuation", ")");
  return true;
}

/** `[{"eventHandlerId":3,"eventName":"click","eventFieldInfo":null},{…}]`. */
function writeEvent(writer: PreviewWriter, json: WireValue): boolean {
  const args = typeof json === "string" ? readInteropJson(json).value : undefined;
  const [descriptor, event] = Array.isArray(args) ? (args as readonly WireValue[]) : [];
  if (typeof descriptor !== "object" || descriptor === null) return false;
  const { eventName, eventHandlerId } = descriptor as Readonly<Record<string, WireValue>>;
  if (typeof eventName !== "string") return false;
  writer.push("key", eventName);
  writer.push("word", " for handler ");
  writeValue(writer, eventHandlerId);
  writer.push("punctuation", ", ");
  writeValue(writer, event);
  return true;
}

/** `at`: the result's place in an array, where it stands in one. */
function writeAnswer(writer: PreviewWriter, ok: WireValue, json: WireValue, at: number | undefined): boolean {
  if (typeof ok !== "boolean" || (json !== null && typeof json !== "string")) return false;
  writer.push("word", ok ? "result " : "failed: ");
  // Where .NET failed the text is the error itself.
  const isText = json === null || (!ok && at === undefined);
  const value = isText ? json : readInteropJson(json).value;
  writeValue(writer, shown(at !== undefined && Array.isArray(value) ? value[at] : value));
  return true;
}

/** What stands for a thing that JSON cannot carry says what that is. */
function shown(value: WireValue): WireValue {
  if (value instanceof InteropMarker) return { ...value.reference };
  return value;
}
