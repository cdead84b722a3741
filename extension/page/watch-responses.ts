import type { BodyBranch } from "./body-tap.ts";
import { copyPayload } from "./copy-payload.ts";
import type { FetchNatives } from "./fetch-natives.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { replaceGetter } from "./replace-accessor.ts";
import { replaceClass } from "./replace-class.ts";
import { replaceMethod } from "./replace-method.ts";
import type { TappedStreams } from "./watch-streams.ts";
import { createWeakStore, type WeakStore } from "./weak-store.ts";
import { writeJson } from "./write-json.ts";

/** The answers that are recorded, by the object that the page holds. */
export type TappedResponses = WeakStore<Response, BodyBranch>;

/** Watches how the page reads tapped answers: whole, as a stream, by a clone, or as the body of a Response of its own. */
export function watchResponses(
  scope: PageScope,
  natives: PageNatives,
  fetchNatives: FetchNatives,
  streams: TappedStreams,
): TappedResponses {
  const { prototype } = scope.Response;
  const responses = createWeakStore<Response, BodyBranch>();
  const bodies = createWeakStore<Response, ReadableStream>();

  /** Undefined also where the platform will refuse, which is no fault of the exchange. */
  function readable(response: Response): BodyBranch | undefined {
    const branch = responses.find(response);
    if (branch === undefined || fetchNatives.bodyUsed(response) || branch.isOver()) return undefined;
    const body = bodies.find(response);
    return body !== undefined && fetchNatives.isLocked(body) ? undefined : branch;
  }

  function watchWhole<T>(name: string, record: (body: T, to: BodyBranch) => void): void {
    replaceMethod(prototype, name, (call, self) => {
      const branch = quietly(() => readable(self as Response));
      const result = call();
      if (branch === undefined) return result;
      return natives.passOn(
        result as Promise<T>,
        (body) => quietly(() => record(body, branch)),
        (error) => quietly(() => branch.failed(error)),
      );
    });
  }

  watchWhole<string>("text", (text, branch) => branch.wholeText(text));
  watchWhole<ArrayBuffer>("arrayBuffer", (buffer, branch) =>
    branch.wholeBuffer(buffer, natives.bufferSize(buffer)),
  );
  watchWhole<Uint8Array>("bytes", (bytes, branch) => branch.wholeView(bytes));
  watchWhole<Blob>("blob", (blob, branch) => branch.whole(copyPayload(blob, natives)));
  watchWhole("formData", (_form, branch) =>
    branch.whole({ kind: "omitted", reason: "not-captured", size: 0 }),
  );

  /**
   * The page has the parsed value alone; its text is made again, so spaces, large integers and what is named twice may differ from
   * the wire. To read the text and parse it is not the same: measured, values and order are, but Chromium words the error
   * of an empty answer, and of one that a script has made, otherwise than `JSON.parse` does, and tells the latter at once.
   */
  watchWhole("json", (value, branch) => branch.wholeValue(writeJson(value)));

  replaceGetter(prototype, "body", (body, self) =>
    quietly(() => {
      if (typeof body !== "object" || body === null) return;
      const response = self as Response;
      const branch = responses.find(response);
      if (branch === undefined || streams.find(body as ReadableStream) !== undefined) return;
      streams.put(body as ReadableStream, branch);
      bodies.put(response, body as ReadableStream);
    }),
  );

  replaceMethod(prototype, "clone", (call, self) => {
    const copy = call();
    quietly(() => {
      const branch = responses.find(self as Response);
      if (branch === undefined) return;
      const halves = branch.split();
      responses.put(self as Response, halves[0]);
      responses.put(copy as Response, halves[1]);
      const body = bodies.find(self as Response);
      if (body !== undefined) streams.put(body, halves[0]);
    });
    return copy;
  });

  replaceClass(scope, "Response", (make: () => Response, args) => {
    const response = make();
    quietly(() => {
      const body = args[0] as ReadableStream;
      const branch = typeof body === "object" && body !== null ? streams.find(body) : undefined;
      if (branch === undefined) return;
      responses.put(response, branch);
      bodies.put(response, body);
    });
    return response;
  });
  return responses;
}
