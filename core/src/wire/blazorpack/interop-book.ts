import type { WireValue } from "../hub-message.ts";
import type { DomEvent, InteropCall, MessagePlace } from "./circuit-model.ts";
import { handlerIdOf } from "./handler-id.ts";
import { CALL_TYPES, RESULT_TYPES } from "./hub-signatures.ts";
import { InteropMarker, readInteropJson } from "./interop-json.ts";
import { keep } from "./keep.ts";
import type { ComponentTree } from "./tree-model.ts";

/** Calls between .NET and JS of one circuit, paired with their answers. */
export interface InteropBook {
  readonly calls: readonly InteropCall[];
  /** False where the target is none of interop's. */
  apply(target: string, values: readonly WireValue[], place: MessagePlace): boolean;
  /** The stream that the call just applied asks the page for. */
  takeUpload(): Upload | undefined;
  /** The circuit has ended: nothing will be answered. */
  abandon(place: MessagePlace): void;
}

export interface Upload {
  readonly id: number;
  readonly wantedSize: number | undefined;
}

type OpenCall = { -readonly [K in keyof InteropCall]: InteropCall[K] };

interface State {
  readonly tree: ComponentTree;
  readonly calls: OpenCall[];
  /** By kind and ID. */
  readonly pending: Map<string, OpenCall>;
  /** Came before the call or result whose JSON names them; the two directions count apart. */
  readonly bytes: { fromNet: Map<number, Uint8Array>; fromJs: Map<number, Uint8Array> };
  /** Lengths of the streams that JS has references to, by object ID. */
  readonly lengths: Map<number, number>;
  upload: Upload | undefined;
}

export function createInteropBook(tree: ComponentTree): InteropBook {
  const state: State = {
    tree,
    calls: [],
    pending: new Map(),
    bytes: { fromNet: new Map(), fromJs: new Map() },
    lengths: new Map(),
    upload: undefined,
  };
  return {
    calls: state.calls,
    apply: (target, values, place) => applyCall(state, target, values, place),
    takeUpload() {
      const { upload } = state;
      state.upload = undefined;
      return upload;
    },
    abandon(place) {
      for (const call of state.pending.values()) call.outcome = { kind: "abandoned", ended: place };
      state.pending.clear();
    },
  };
}

function applyCall(state: State, target: string, values: readonly WireValue[], place: MessagePlace): boolean {
  switch (target) {
    case "JS.BeginInvokeJS":
      beginInJs(state, values, place);
      return true;
    case "EndInvokeJSFromDotNet":
      endInJs(state, values, place);
      return true;
    case "BeginInvokeDotNetFromJS":
      beginInNet(state, values, place);
      return true;
    case "JS.EndInvokeDotNet":
      endInNet(state, values, place);
      return true;
    case "DispatchBrowserEvent":
      dispatchEvent(state, values, place);
      return true;
    case "JS.ReceiveByteArray":
      receiveBytes(state.bytes.fromNet, values);
      return true;
    case "ReceiveByteArray":
      receiveBytes(state.bytes.fromJs, values);
      return true;
    default:
      return false;
  }
}

function receiveBytes(bytes: Map<number, Uint8Array>, [id, content]: readonly WireValue[]): void {
  if (typeof id === "number" && content instanceof Uint8Array) bytes.set(id, content);
}

function take(state: State, from: "fromNet" | "fromJs"): ReadonlyMap<number, Uint8Array> {
  const taken = state.bytes[from];
  if (taken.size > 0) state.bytes[from] = new Map();
  return taken.size > 0 ? taken : NO_BYTES;
}

const NO_BYTES: ReadonlyMap<number, Uint8Array> = new Map();

function beginInJs(state: State, values: readonly WireValue[], place: MessagePlace): void {
  const [handle, identifier, argumentsJson, resultType, objectId, callType] = values;
  const call: OpenCall = {
    kind: "net-to-js",
    // 0: no answer is wanted.
    id: handle === 0 ? undefined : String(handle),
    name: textOf(identifier),
    objectId: integerOf(objectId),
    ...(typeof resultType === "number" ? { resultType: nameOf(RESULT_TYPES, resultType) } : undefined),
    ...(typeof callType === "number" ? { callType: nameOf(CALL_TYPES, callType) } : undefined),
    argumentsJson: typeof argumentsJson === "string" ? argumentsJson : null,
    bytes: take(state, "fromNet"),
    started: place,
    outcome: { kind: "pending" },
  };
  open(state, call);
  if (call.name === "Blazor._internal.sendJSDataStream") state.upload = uploadOf(state, call.argumentsJson);
}

function nameOf(names: readonly (string | undefined)[], number: number): string {
  return names[number] ?? String(number);
}

/** `[{"__jsObjectId":n},streamId,32256]`. */
function uploadOf(state: State, argumentsJson: string | null): Upload | undefined {
  const { value } = readInteropJson(argumentsJson ?? "");
  if (!Array.isArray(value)) return undefined;
  const [object, id] = value as readonly WireValue[];
  if (typeof id !== "number") return undefined;
  const isObject = object instanceof InteropMarker && object.reference.kind === "js-object";
  return { id, wantedSize: isObject ? state.lengths.get(object.reference.id as number) : undefined };
}

function endInJs(state: State, values: readonly WireValue[], place: MessagePlace): void {
  const [handle, succeeded, resultJson] = values;
  const text = typeof resultJson === "string" ? resultJson : null;
  const bytes = take(state, "fromJs");
  const call = close(state, `net-to-js ${String(handle)}`);
  if (call === undefined) return;
  if (succeeded === true) {
    call.outcome = { kind: "succeeded", resultJson: text, bytes, ended: place };
    if (call.resultType === "JSStreamReference") noteLength(state, text);
  } else {
    call.outcome = { kind: "failed", error: errorIn(text), ended: place };
  }
}

/** `[handle,false,"message and stack"]`. */
function errorIn(text: string | null): string {
  const { value } = readInteropJson(text ?? "");
  const error: WireValue = Array.isArray(value) ? value[2] : undefined;
  return typeof error === "string" ? error : (text ?? "");
}

function noteLength(state: State, text: string | null): void {
  const { value } = readInteropJson(text ?? "");
  const result: WireValue = Array.isArray(value) ? value[2] : undefined;
  if (!(result instanceof InteropMarker) || result.reference.kind !== "js-stream") return;
  state.lengths.set(result.reference.id, result.reference.length);
}

function beginInNet(state: State, values: readonly WireValue[], place: MessagePlace): void {
  const [callId, assembly, name, objectId, argumentsJson] = values;
  const text = typeof argumentsJson === "string" ? argumentsJson : null;
  const event = name === "DispatchEventAsync" ? eventOf(state, firstOf(text)) : undefined;
  open(state, {
    kind: "js-to-net",
    id: callId === null ? undefined : String(callId),
    name: textOf(name),
    ...(typeof assembly === "string" ? { assembly } : undefined),
    objectId: integerOf(objectId),
    argumentsJson: text,
    bytes: take(state, "fromJs"),
    ...(event === undefined ? undefined : { event }),
    started: place,
    outcome: { kind: "pending" },
  });
}

function endInNet(state: State, values: readonly WireValue[], place: MessagePlace): void {
  // .NET Core 3: one text with all three in it.
  const [callId, succeeded, result] = values.length === 1 ? tripleIn(values[0]) : values;
  const bytes = take(state, "fromNet");
  const call = close(state, `js-to-net ${String(callId)}`);
  if (call === undefined) return;
  const text = typeof result === "string" ? result : null;
  call.outcome =
    succeeded === true
      ? { kind: "succeeded", resultJson: text, bytes, ended: place }
      : { kind: "failed", error: text ?? "", ended: place };
}

/** The result as JSON again, as later versions send it. */
function tripleIn(value: WireValue): readonly WireValue[] {
  const { value: items } = readInteropJson(textOf(value));
  if (!Array.isArray(items)) return [];
  const [callId, succeeded, result] = items as readonly WireValue[];
  return [callId, succeeded, succeeded === true ? JSON.stringify(result ?? null) : result];
}

/** .NET Core 3 and .NET 5 have a hub method of its own for events, without an answer. */
function dispatchEvent(state: State, values: readonly WireValue[], place: MessagePlace): void {
  const [descriptor, argumentsJson] = values;
  const event = eventOf(state, readInteropJson(textOf(descriptor)).value);
  open(state, {
    kind: "js-to-net",
    id: undefined,
    name: "DispatchBrowserEvent",
    objectId: 0,
    argumentsJson: typeof argumentsJson === "string" ? argumentsJson : null,
    bytes: NO_BYTES,
    ...(event === undefined ? undefined : { event }),
    started: place,
    outcome: { kind: "pending" },
  });
}

function firstOf(text: string | null): WireValue {
  const { value } = readInteropJson(text ?? "");
  return Array.isArray(value) ? value[0] : undefined;
}

/** `{"eventHandlerId":3,"eventName":"click","eventFieldInfo":null}`. */
function eventOf(state: State, descriptor: WireValue): DomEvent | undefined {
  if (typeof descriptor !== "object" || descriptor === null) return undefined;
  const { eventHandlerId, eventName } = descriptor as {
    readonly eventHandlerId?: WireValue;
    readonly eventName?: WireValue;
  };
  const handlerId = handlerIdOf(eventHandlerId);
  if (handlerId === undefined) return undefined;
  const place = state.tree.handler(handlerId);
  // Before .NET 6 the name is in `eventArgsType` or nowhere; the attribute has it.
  const name = typeof eventName === "string" ? eventName : (place?.attribute.replace(/^on/, "") ?? "");
  if (place === undefined) return { handlerId, name };
  const elementId = place.element.attributes.get("id")?.value;
  return {
    handlerId,
    name,
    target: {
      componentId: place.componentId,
      element: place.element.name,
      attribute: place.attribute,
      ...(typeof elementId === "string" ? { elementId } : undefined),
    },
  };
}

function open(state: State, call: OpenCall): void {
  keep(state.calls, call);
  if (call.id !== undefined) state.pending.set(`${call.kind} ${call.id}`, call);
}

function close(state: State, key: string): OpenCall | undefined {
  const call = state.pending.get(key);
  state.pending.delete(key);
  return call;
}

function textOf(value: WireValue): string {
  return typeof value === "string" ? value : "";
}

function integerOf(value: WireValue): number | bigint {
  return typeof value === "number" || typeof value === "bigint" ? value : 0;
}
