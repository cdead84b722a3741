import { bare } from "../channel/natives.ts";
import { type CopiedPayload, copyPayload } from "./copy-payload.ts";
import type { FetchNatives } from "./fetch-natives.ts";
import type { PageNatives } from "./page-natives.ts";
import { quietly } from "./quietly.ts";

/** What the page gave to `fetch`, as far as it can be had without running code of the page or using anything up. */
export interface FetchCall {
  /** In upper case. */
  readonly method: string;
  readonly url: string;
  /** All that the page gave, names in lower case. */
  headers(): Readonly<Record<string, string>>;
  body(): CopiedPayload | undefined;
  /** The body, where another may be given in its place; see {@link withBody}. */
  data(): unknown;
  credentials(): RequestCredentials;
  /** What the page can abort it by. */
  signal(): AbortSignal | undefined;
}

const { getOwnPropertyDescriptor, ownKeys } = Reflect;
const { isArray } = Array;
const MAX_HEADERS = 100;
const NOT_CAPTURED: CopiedPayload = { kind: "omitted", reason: "not-captured", size: 0 };

/** Undefined for what could only be asked by running code of the page. */
export function readFetch(
  input: unknown,
  init: unknown,
  natives: PageNatives,
  fetchNatives: FetchNatives,
): FetchCall | undefined {
  const request = typeof input === "object" && input !== null ? (input as Request) : undefined;
  const requestUrl = request && quietly(() => natives.requestUrl(request));
  const url = requestUrl ?? addressOf(input, natives);
  if (url === undefined) return undefined;
  const given = requestUrl === undefined ? undefined : request;
  const method = ownData(init, "method");
  const headers = ownData(init, "headers");
  const body = ownData(init, "body");
  const credentials = ownData(init, "credentials");
  const signal = ownData(init, "signal");
  const verb = methodText(method) ?? (given === undefined ? "GET" : natives.requestMethod(given));
  return {
    method: verb,
    url,
    headers() {
      if (headers !== undefined) return headerRecord(headers, fetchNatives);
      return given === undefined ? {} : headerRecord(fetchNatives.requestHeaders(given), fetchNatives);
    },
    body() {
      if (body !== undefined && body !== null) return bodyPayload(body, natives, fetchNatives);
      // An accessor, or a class with accessors: it was read by the platform, and is not read twice.
      if (isHidden(init, "body")) return NOT_CAPTURED;
      // A Request's body can be read once, by whom it is meant for, and asking whether there is one may turn it into a stream.
      return given === undefined || verb === "GET" || verb === "HEAD" ? undefined : NOT_CAPTURED;
    },
    data: () => body,
    credentials() {
      if (credentials === "omit" || credentials === "include" || credentials === "same-origin")
        return credentials;
      return given === undefined ? "same-origin" : fetchNatives.requestCredentials(given);
    },
    signal() {
      // `null` is none, whatever the Request has.
      if (signal !== undefined) return signal === null ? undefined : (signal as AbortSignal);
      return given === undefined ? undefined : fetchNatives.requestSignal(given);
    },
  };
}

const { create } = Object;

/** What the page gave, with another body in place of one that is a plain field of it. */
export function withBody(init: unknown, body: unknown): object {
  return create(init as object, bare({ body: bare({ value: body }) }));
}

function addressOf(input: unknown, natives: PageNatives): string | undefined {
  if (typeof input === "string") return natives.absoluteUrl(input, natives.baseUrl());
  if (typeof input !== "object" || input === null) return undefined;
  return quietly(() => natives.urlText(input as URL));
}

/** Reads a plain field only: an accessor of the page's is not called a second time. */
export function ownData(object: unknown, name: string): unknown {
  if (typeof object !== "object" || object === null) return undefined;
  return getOwnPropertyDescriptor(object, name)?.value;
}

function isHidden(object: unknown, name: string): boolean {
  if (typeof object !== "object" || object === null) return false;
  const descriptor = getOwnPropertyDescriptor(object, name);
  if (descriptor !== undefined) return descriptor.get !== undefined;
  // Asked of the object, `in` runs no code of the page unless that is a Proxy.
  return name in object;
}

/** The names that the platform knows are upper-cased by it; others are case-sensitive. */
function methodText(method: unknown): string | undefined {
  return typeof method === "string" ? method.toUpperCase() : undefined;
}

export function bodyPayload(body: unknown, natives: PageNatives, fetchNatives: FetchNatives): CopiedPayload {
  if (typeof body === "object" && body !== null) {
    const text = quietly(() => fetchNatives.searchText(body as URLSearchParams));
    if (text !== undefined) return copyPayload(text, natives);
    // The platform alone knows its boundary; a stream can be read once.
    if (
      fetchNatives.isForm(body) ||
      quietly(() => fetchNatives.isLocked(body as ReadableStream)) !== undefined
    )
      return NOT_CAPTURED;
  }
  return copyPayload(body, natives);
}

function headerRecord(given: unknown, fetchNatives: FetchNatives): Readonly<Record<string, string>> {
  const record: Record<string, string> = {};
  let count = 0;
  const put = (name: unknown, value: unknown) => {
    if (typeof name !== "string" || typeof value !== "string" || count >= MAX_HEADERS) return;
    count++;
    record[name.toLowerCase()] = value;
  };
  if (typeof given !== "object" || given === null) return record;
  const isHeaders = quietly(() => {
    fetchNatives.eachHeader(given as Headers, (value, name) => put(name, value));
    return true;
  });
  if (isHeaders) return record;
  if (isArray(given)) {
    for (let at = 0; at < given.length; at++) {
      const pair: unknown = ownData(given, `${at}`);
      put(ownData(pair, "0"), ownData(pair, "1"));
    }
    return record;
  }
  const names = ownKeys(given);
  for (let at = 0; at < names.length; at++) {
    const name = names[at];
    if (typeof name === "string") put(name, ownData(given, name));
  }
  return record;
}
