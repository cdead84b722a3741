import type { WireValue } from "../hub-message.ts";
import type { RootOperation } from "./circuit-model.ts";
import { readInteropJson } from "./interop-json.ts";

/** `{"batchId":1,"operations":[{"type":"add","ssrComponentId":1,"marker":{…}}]}` of UpdateRootComponents. */
export function rootOperations(text: string): {
  readonly batchId: number | undefined;
  readonly operations: readonly RootOperation[];
} {
  const { value } = readInteropJson(text);
  const { batchId, operations } = fieldsOf(value);
  return {
    batchId: typeof batchId === "number" ? batchId : undefined,
    operations: Array.isArray(operations) ? operations.map(rootOperation) : [],
  };
}

function rootOperation(value: WireValue): RootOperation {
  const { type, ssrComponentId } = fieldsOf(value);
  return {
    type: type === "add" || type === "update" || type === "remove" ? type : "unknown",
    ssrComponentId: typeof ssrComponentId === "number" ? ssrComponentId : undefined,
  };
}

interface Fields {
  readonly batchId?: WireValue;
  readonly operations?: WireValue;
  readonly type?: WireValue;
  readonly ssrComponentId?: WireValue;
}

function fieldsOf(value: WireValue): Fields {
  return typeof value === "object" && value !== null ? value : {};
}
