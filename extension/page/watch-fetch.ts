import type { Payload } from "../../core/src/wire/payload.ts";
import { bytesPayload, copyPayload, textPayload } from "./copy-payload.ts";
import type { ExchangeRecorder } from "./exchange-recorder.ts";
import type { ExchangeObservation } from "./observe-exchange.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { replaceMethod } from "./replace-method.ts";
import { createWeakStore } from "./weak-store.ts";

/**
 * Watches the exchanges of `fetch` that are SignalR's. The body is seen when the page reads it: a clone of the
 * response would keep its connection alive after the page has cancelled it.
 */
export function watchFetch(
  scope: PageScope,
  natives: PageNatives,
  { recognise, begin }: ExchangeObservation,
): void {
  const recorders = createWeakStore<Response, ExchangeRecorder>();

  replaceMethod(scope, "fetch", (call, _self, args) => {
    const recorder = quietly(() => {
      const request = requestOf(args[0], args[1], natives);
      const recognised = request === undefined ? undefined : recognise(request);
      return request === undefined || recognised === undefined ? undefined : begin(request, recognised);
    });
    const result = call();
    if (recorder === undefined) return result;
    return natives.passOn(
      result as Promise<Response>,
      (response) => {
        quietly(() => {
          recorders.put(response, recorder);
          recorder.responded(natives.responseStatus(response));
        });
      },
      (error) => quietly(() => recorder.failed(error)),
    );
  });

  function watchBody<T>(
    name: "text" | "json" | "arrayBuffer" | "blob",
    record: (body: T, to: ExchangeRecorder) => void,
  ): void {
    replaceMethod(scope.Response.prototype, name, (call, self) => {
      const recorder = quietly(() => recorders.find(self as Response));
      const result = call();
      if (recorder === undefined) return result;
      return natives.passOn(
        result as Promise<T>,
        (body) => quietly(() => record(body, recorder)),
        (error) => quietly(() => recorder.failed(error)),
      );
    });
  }

  watchBody<string>("text", (text, recorder) => whole(recorder, textPayload(text)));
  // The page has the parsed value alone; its text is made again, so spaces and escapes may differ from the wire.
  watchBody<unknown>("json", (value, recorder) =>
    whole(recorder, textPayload(natives.stringify(value) ?? "")),
  );
  watchBody<ArrayBuffer>("arrayBuffer", (buffer, recorder) =>
    whole(recorder, bytesPayload(buffer, 0, natives.bufferSize(buffer))),
  );
  watchBody<Blob>("blob", (blob, recorder) => {
    const copy = copyPayload(blob, natives);
    if (copy.kind !== "later") return whole(recorder, copy);
    natives.settled(
      copy.bytes,
      (buffer) => quietly(() => whole(recorder, bytesPayload(buffer, 0, copy.size))),
      () => quietly(() => whole(recorder, { kind: "omitted", reason: "unreadable", size: copy.size })),
    );
  });

  replaceMethod(scope.Response.prototype, "clone", (call, self) => {
    const copy = call();
    quietly(() => {
      const recorder = recorders.find(self as Response);
      if (recorder !== undefined) recorders.put(copy as Response, recorder);
    });
    return copy;
  });
}

function whole(recorder: ExchangeRecorder, payload: Payload): void {
  recorder.piece(payload);
  recorder.ended();
}

/** Undefined for what could only be asked by running code of the page. */
function requestOf(
  input: unknown,
  init: unknown,
  natives: PageNatives,
): { readonly url: string; readonly method: string } | undefined {
  const method = methodOf(init);
  if (typeof input === "string") {
    return { url: natives.absoluteUrl(input, natives.baseUrl()), method: method ?? "GET" };
  }
  if (typeof input !== "object" || input === null) return undefined;
  const url = quietly(() => natives.urlText(input as URL));
  if (url !== undefined) return { url, method: method ?? "GET" };
  const request = input as Request;
  const requestUrl = quietly(() => natives.requestUrl(request));
  return requestUrl === undefined
    ? undefined
    : { url: requestUrl, method: method ?? natives.requestMethod(request) };
}

/** Reads a plain field only: an accessor of the page's is not called a second time. */
function methodOf(init: unknown): string | undefined {
  if (typeof init !== "object" || init === null) return undefined;
  const method: unknown = Reflect.getOwnPropertyDescriptor(init, "method")?.value;
  return typeof method === "string" ? method.toUpperCase() : undefined;
}
