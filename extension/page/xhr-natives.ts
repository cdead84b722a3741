import { getter, method } from "../channel/natives.ts";
import { answerHeadersThatMatter, type Headers } from "./headers-that-matter.ts";
import type { PageScope } from "./page-natives.ts";

/** What watching `XMLHttpRequest` needs of the platform, taken before the page can change it. */
export interface XhrNatives {
  readyState(xhr: XMLHttpRequest): number;
  status(xhr: XMLHttpRequest): number;
  responseType(xhr: XMLHttpRequest): XMLHttpRequestResponseType;
  responseText(xhr: XMLHttpRequest): string;
  response(xhr: XMLHttpRequest): unknown;
  withCredentials(xhr: XMLHttpRequest): boolean;
  answerHeaders(xhr: XMLHttpRequest): Headers;
}

export function captureXhrNatives(scope: PageScope): XhrNatives {
  const { prototype } = scope.XMLHttpRequest;
  const allHeaders = method(prototype.getAllResponseHeaders);
  return {
    readyState: getter(prototype, "readyState"),
    status: getter(prototype, "status"),
    responseType: getter(prototype, "responseType"),
    responseText: getter(prototype, "responseText"),
    response: getter(prototype, "response"),
    withCredentials: getter(prototype, "withCredentials"),
    answerHeaders(xhr) {
      // All at once: asked for one that it must not have, a page gets a warning in its console.
      const answered = headersOf(allHeaders(xhr));
      return answerHeadersThatMatter((name) => answered[name]);
    },
  };
}

function headersOf(text: string): Headers {
  const headers: Record<string, string> = Object.create(null);
  const pattern = /^([^:\r\n]+): ?([^\r\n]*)/gm;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    headers[(match[1] ?? "").toLowerCase()] = match[2] ?? "";
  }
  return headers;
}
