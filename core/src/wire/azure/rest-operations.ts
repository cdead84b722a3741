/**
 * REST calls to Azure SignalR Service, built and recognised from one table.
 *
 * @module
 */
import { parseServiceUrl } from "./parse-service-url.ts";
import { percentDecode, percentEncode } from "./percent-encoding.ts";
import {
  REST_OPERATIONS,
  type RestMethod,
  type RestOperationName,
  type RestOption,
  type RestSegment,
} from "./rest-table.ts";
import { type AzureEndpoints, type AzureHub, audienceBase, hubOnWire } from "./service-url.ts";

/** "v1" is `/api/v1`, "modern" has an `api-version`. */
export type RestGeneration = "v1" | "modern";

/** Values of the path, as they are: they are percent-encoded here. */
export type RestSegments = { readonly [segment in RestSegment]?: string };
/** Values of the query, by name; lists are sent as repeated names. */
export type RestOptions = {
  readonly [option in RestOption]?: string | number | boolean | readonly string[];
};

/** An operation's hub, API version, path segments and query options. */
export interface RestCall extends AzureHub {
  readonly generation: RestGeneration;
  /** `2024-12-01`; by default the oldest that has the operation. Modern calls only. */
  readonly apiVersion?: string;
  readonly segments?: RestSegments;
  readonly options?: RestOptions;
}

/** What to send. The token goes into `Authorization: Bearer`. */
export interface RestRequest {
  readonly kind: "request";
  readonly method: RestMethod;
  readonly url: string;
  /** The `aud` of its token, as documented: the address without its query. */
  readonly audience: string;
  /** Other statuses are failures. */
  readonly expected: readonly number[];
  /** Body that it needs, if any. */
  readonly body?: "message" | "actions";
}

/** Why an operation cannot be asked for so. */
export type RestRefusal =
  /** Version 1 has no such operation. */
  | { readonly kind: "refused"; readonly reason: "not-in-v1" }
  /** The `api-version` is older than the operation. */
  | { readonly kind: "refused"; readonly reason: "api-version"; readonly since: string }
  | { readonly kind: "refused"; readonly reason: "missing-segment"; readonly segment: string }
  /** `.` or `..`: whoever sends the URL would take it for a step in the path, percent-encoded or not. */
  | { readonly kind: "refused"; readonly reason: "dots"; readonly segment: string }
  /** The operation does not know the option, and the service would not say so. */
  | { readonly kind: "refused"; readonly reason: "unknown-option"; readonly option: string };

/** Never throws. Every segment and value is percent-encoded; the hub's name is put in lower case. */
export function restRequest(
  name: RestOperationName,
  endpoints: AzureEndpoints,
  { generation, apiVersion, segments = {}, options = {}, ...hub }: RestCall,
): RestRequest | RestRefusal {
  const operation = REST_OPERATIONS[name];
  const form = operation[generation];
  if (form === undefined) return { kind: "refused", reason: "not-in-v1" };
  const version = apiVersion ?? operation.since;
  // Versions are dates, so that their text sorts them.
  if (generation === "modern" && version < operation.since) {
    return { kind: "refused", reason: "api-version", since: operation.since };
  }
  const absent = segmentsOf(form.path).find((segment) => (segments[segment] ?? "") === "");
  if (absent !== undefined) return { kind: "refused", reason: "missing-segment", segment: absent };
  const dots = segmentsOf(form.path).find((segment) => isDots(segments[segment]));
  if (dots !== undefined) return { kind: "refused", reason: "dots", segment: dots };
  const onWire = hubOnWire(hub);
  if (name !== "health" && onWire === "")
    return { kind: "refused", reason: "missing-segment", segment: "hub" };
  if (isDots(onWire)) return { kind: "refused", reason: "dots", segment: "hub" };
  const known: readonly string[] = form.options ?? [];
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown !== undefined) return { kind: "refused", reason: "unknown-option", option: unknown };

  const path = pathOf(name, generation, onWire, form.path, segments);
  const query = [
    ...(form.options ?? []).flatMap((option) => pairsOf(option, options[option])),
    ...(generation === "modern" ? [`api-version=${percentEncode(version)}`] : []),
  ];
  const place = `${endpoints.serverEndpoint ?? endpoints.endpoint}${path}`;
  return {
    kind: "request",
    method: form.method,
    url: query.length === 0 ? place : `${place}?${query.join("&")}`,
    audience: `${audienceBase(endpoints).slice(0, -1)}${path}`,
    expected: form.expected,
    ...(operation.body !== undefined && { body: operation.body }),
  };
}

function isDots(segment: string | undefined): boolean {
  return segment === "." || segment === "..";
}

function segmentsOf(path: string): readonly RestSegment[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as RestSegment);
}

function pathOf(
  name: RestOperationName,
  generation: RestGeneration,
  hub: string,
  path: string,
  segments: RestSegments,
): string {
  const api = generation === "v1" ? "/api/v1" : "/api";
  if (name === "health") return api + path;
  const filled = path.replace(/\{(\w+)\}/g, (_, segment: RestSegment) =>
    percentEncode(segments[segment] ?? ""),
  );
  return `${api}/hubs/${percentEncode(hub)}${filled}`;
}

function pairsOf(option: RestOption, value: RestOptions[RestOption]): readonly string[] {
  if (value === undefined) return [];
  const values = typeof value === "object" ? value : [String(value)];
  return values.map((item) => `${option}=${percentEncode(item)}`);
}

/** What an HTTP request to the service asks for. */
export interface RecognisedRest {
  readonly operation: RestOperationName;
  readonly generation: RestGeneration;
  readonly apiVersion?: string;
  /** "" for `health`. */
  readonly hub: string;
  readonly segments: RestSegments;
}

/** Undefined for what is no call of the table. GET is taken where the table says HEAD: version 1 has both. */
export function recogniseRest(method: string, url: string): RecognisedRest | undefined {
  const target = parseServiceUrl(url);
  if (target.kind !== "rest") return undefined;
  const { generation, apiVersion, path } = target;
  const [, hubPart = "", rest] = /^\/hubs\/([^/]+)(.*)$/i.exec(path) ?? [];
  const asked = method.toUpperCase();
  for (const name of Object.keys(REST_OPERATIONS) as RestOperationName[]) {
    const form = REST_OPERATIONS[name][generation];
    if (form === undefined || (form.method !== asked && !(form.method === "HEAD" && asked === "GET")))
      continue;
    const segments = matched(form.path, name === "health" ? path : rest);
    if (segments === undefined) continue;
    return {
      operation: name,
      generation,
      ...(apiVersion !== undefined && { apiVersion }),
      hub: name === "health" ? "" : percentDecode(hubPart),
      segments,
    };
  }
  return undefined;
}

function matched(template: string, path: string | undefined): RestSegments | undefined {
  if (path === undefined) return undefined;
  const expected = template.split("/");
  const actual = path.split("/");
  if (expected.length !== actual.length) return undefined;
  const segments: { [segment in RestSegment]?: string } = {};
  for (const [index, part] of expected.entries()) {
    const said = actual[index] ?? "";
    const [, segment] = /^\{(\w+)\}$/.exec(part) ?? [];
    if (segment !== undefined && said !== "") segments[segment as RestSegment] = percentDecode(said);
    else if (part !== said) return undefined;
  }
  return segments;
}
