import type { Payload } from "../../core/src/wire/payload.ts";
import { getter } from "../channel/natives.ts";
import { bytesPayload, textPayload } from "./copy-payload.ts";
import type { ExchangeRecorder } from "./exchange-recorder.ts";
import type { ExchangeObservation } from "./observe-exchange.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { replaceMethod } from "./replace-method.ts";
import { createWeakStore } from "./weak-store.ts";

interface Opened {
  readonly method: string;
  readonly url: string;
  /** Set once our listener is on the object; it stays there for later requests. */
  listening: boolean;
  recorder: ExchangeRecorder | undefined;
}

/** Watches the exchanges of `XMLHttpRequest` that are SignalR's (clients before 5.0 negotiate with it). */
export function watchXhr(
  scope: PageScope,
  natives: PageNatives,
  { recognise, begin }: ExchangeObservation,
): void {
  const prototype = scope.XMLHttpRequest.prototype;
  const status = getter(prototype, "status");
  const responseType = getter(prototype, "responseType");
  const responseText = getter(prototype, "responseText");
  const response = getter(prototype, "response");
  const opened = createWeakStore<XMLHttpRequest, Opened>();

  replaceMethod(prototype, "open", (call, self, args) => {
    const result = call();
    quietly(() => {
      const [method, url] = args;
      const text = typeof url === "string" ? url : natives.urlText(url as URL);
      const xhr = self as XMLHttpRequest;
      opened.put(xhr, {
        method: typeof method === "string" ? method.toUpperCase() : "GET",
        url: natives.absoluteUrl(text, natives.baseUrl()),
        listening: opened.find(xhr)?.listening ?? false,
        recorder: undefined,
      });
    });
    return result;
  });

  replaceMethod(prototype, "send", (call, self) => {
    quietly(() => {
      const xhr = self as XMLHttpRequest;
      const request = opened.find(xhr);
      if (request === undefined) return;
      const recognised = recognise(request);
      request.recorder = recognised === undefined ? undefined : begin(request, recognised);
      if (request.recorder === undefined || request.listening) return;
      request.listening = true;
      natives.listen(xhr, "loadend", () => quietly(() => finish(xhr)));
    });
    return call();
  });

  function finish(xhr: XMLHttpRequest): void {
    const request = opened.find(xhr);
    if (request?.recorder === undefined) return;
    const { recorder } = request;
    request.recorder = undefined;
    const code = status(xhr);
    // The platform's way of saying that no answer came.
    if (code === 0) {
      recorder.failed("The request did not finish.");
      return;
    }
    recorder.responded(code);
    recorder.piece(bodyOf(xhr));
    recorder.ended();
  }

  function bodyOf(xhr: XMLHttpRequest): Payload {
    switch (responseType(xhr)) {
      case "":
      case "text":
        return textPayload(responseText(xhr));
      case "json":
        return textPayload(natives.stringify(response(xhr)) ?? "");
      case "arraybuffer": {
        const buffer = response(xhr) as ArrayBuffer;
        return bytesPayload(buffer, 0, natives.bufferSize(buffer));
      }
      default:
        return { kind: "omitted", reason: "not-captured", size: 0 };
    }
  }
}
