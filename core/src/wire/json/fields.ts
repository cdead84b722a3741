import type { DecodeIssue, DecodeIssueCode } from "../decode-issue.ts";
import { JsonNumber, type MessageHeaders, type WireValue } from "../hub-message.ts";
import { MAX_DETAIL_LENGTH } from "../limits.ts";
import { setOwn } from "../own-property.ts";

/** A JSON object. A property may have any name, `__proto__` too: ask for own ones only. */
export type JsonObject = Readonly<Record<string, WireValue>>;

/** One record being read. `rejected` are properties whose values do not fit; they stay visible in `extra`. */
export interface Fields {
  readonly object: JsonObject;
  readonly issues: DecodeIssue[];
  readonly rejected: string[];
}

export function isJsonObject(value: WireValue): value is JsonObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)
  );
}

export function reject(fields: Fields, code: DecodeIssueCode, field: string): void {
  fields.rejected.push(field);
  fields.issues.push({ code, field, detail: shortJson(fields.object[field]) });
}

/** A property that must be a string that is not empty; "" where it is not, with an issue. */
export function requiredText(fields: Fields, field: string): string {
  const value = fields.object[field];
  if (typeof value === "string") {
    if (value === "") fields.issues.push({ code: "empty-field", field });
    return value;
  }
  if (value === undefined) fields.issues.push({ code: "missing-field", field });
  else reject(fields, value === null ? "null-field" : "wrong-field-type", field);
  return "";
}

/** A .NET server looks the empty target up and refuses the call, so it is milder than other empty fields. */
export function targetOf(fields: Fields): string {
  if (fields.object["target"] !== "") return requiredText(fields, "target");
  fields.issues.push({ code: "unbindable-field", field: "target" });
  return "";
}

export function optionalText(fields: Fields, field: string): string | undefined {
  const value = fields.object[field];
  if (value === undefined || typeof value === "string") return value;
  reject(fields, value === null ? "null-field" : "wrong-field-type", field);
  return undefined;
}

export function optionalBoolean(fields: Fields, field: string): boolean | undefined {
  const value = fields.object[field];
  if (value === undefined || typeof value === "boolean") return value;
  reject(fields, value === null ? "null-field" : "wrong-field-type", field);
  return undefined;
}

export function argumentsOf(fields: Fields): readonly WireValue[] {
  const value = fields.object["arguments"];
  if (Array.isArray(value)) return value;
  if (value === undefined) fields.issues.push({ code: "missing-field", field: "arguments" });
  else reject(fields, value === null ? "null-field" : "wrong-field-type", "arguments");
  return [];
}

export function headersOf(fields: Fields): { readonly headers: MessageHeaders } | undefined {
  const value = fields.object["headers"];
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) {
    reject(fields, value === null ? "null-field" : "wrong-field-type", "headers");
    return undefined;
  }
  const names = Object.keys(value);
  for (const name of names) {
    if (typeof value[name] === "string") continue;
    const detail = shortJson(value[name]);
    fields.issues.push({ code: "wrong-field-type", field: `headers.${name}`, detail });
  }
  return names.length > 0 ? { headers: value } : undefined;
}

export function streamIdsOf(fields: Fields): { readonly streamIds: readonly string[] } | undefined {
  const value = fields.object["streamIds"];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((id) => typeof id === "string")) {
    return value.length > 0 ? { streamIds: value } : undefined;
  }
  reject(fields, value === null ? "null-field" : "wrong-field-type", "streamIds");
  return undefined;
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** An int64; undefined where it is none, with an issue. */
export function sequenceIdOf(fields: Fields): number | bigint | undefined {
  const value = fields.object["sequenceId"];
  if (Number.isSafeInteger(value)) return value as number;
  if (value === undefined) {
    fields.issues.push({ code: "missing-field", field: "sequenceId" });
    return undefined;
  }
  const integer = integerOf(value);
  if (integer !== undefined && integer >= INT64_MIN && integer <= INT64_MAX) return integer;
  reject(fields, value === null ? "null-field" : "wrong-field-type", "sequenceId");
  return undefined;
}

function integerOf(value: WireValue): bigint | undefined {
  if (value instanceof JsonNumber && /^-?\d{1,20}$/.test(value.source)) return BigInt(value.source);
  return Number.isInteger(value) ? BigInt(value as number) : undefined;
}

/** What the type of the message does not have, and what was rejected; absent where there is none of either. */
export function extraOf(
  fields: Fields,
  known: ReadonlySet<string>,
): { readonly extra: JsonObject } | undefined {
  let extra: Record<string, WireValue> | undefined;
  for (const name of Object.keys(fields.object)) {
    if (known.has(name) && !fields.rejected.includes(name)) continue;
    extra ??= {};
    setOwn(extra, name, fields.object[name]);
  }
  return extra === undefined ? undefined : { extra };
}

/** A hint at what stands where something else belongs; long or nested values only by their kind. */
export function shortJson(value: WireValue): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, MAX_DETAIL_LENGTH));
  if (value instanceof JsonNumber) return value.source.slice(0, MAX_DETAIL_LENGTH);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}
