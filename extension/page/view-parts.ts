import { getter } from "../channel/natives.ts";

/** Where the bytes of a typed array or a DataView are. */
export interface ViewParts {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
  readonly size: number;
}

const { apply, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const typedArray = getPrototypeOf(Uint8Array.prototype) as Uint8Array;
const kindOf = getOwnPropertyDescriptor(typedArray, Symbol.toStringTag)?.get;
const ofArray = readers(typedArray);
const ofDataView = readers(DataView.prototype);

/** As the platform sees them: accessors that the page has put on a view or a class of views are neither asked nor believed. */
export function viewParts(view: ArrayBufferView): ViewParts {
  // Undefined for what is no typed array.
  const isArray = kindOf !== undefined && apply(kindOf, view, []) !== undefined;
  const { buffer, byteOffset, byteLength } = isArray ? ofArray : ofDataView;
  return { buffer: buffer(view) as ArrayBuffer, offset: byteOffset(view), size: byteLength(view) };
}

function readers(prototype: ArrayBufferView) {
  return {
    buffer: getter(prototype, "buffer"),
    byteOffset: getter(prototype, "byteOffset"),
    byteLength: getter(prototype, "byteLength"),
  };
}
