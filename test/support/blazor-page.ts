import type { Page, WebSocket } from "playwright";
import {
  type CanonicalNode,
  canonicalDom,
  type ParseMarkup,
} from "../../core/src/wire/blazorpack/canonical-dom.ts";
import { createCircuitLog } from "../../core/src/wire/blazorpack/circuit.ts";
import type { Circuit } from "../../core/src/wire/blazorpack/circuit-model.ts";
import { createConnectionDecoder } from "../../core/src/wire/connection-decoder.ts";
import type { DecodedRecord } from "../../core/src/wire/hub-codec.ts";
import type { Direction, Payload } from "../../core/src/wire/payload.ts";
import { canonicalNodes, parseMarkupInPage } from "./blazor-dom.ts";

/** A page of test/servers/blazor, with what its sockets say decoded as it goes by. */
export interface BlazorPage {
  readonly records: readonly DecodedRecord[];
  /** The latest one. */
  circuit(): Circuit | undefined;
  /** What our tree says that the page has, and what it has. */
  both(): Promise<{ readonly tree: PagePlaces; readonly page: PagePlaces }>;
}

export interface PagePlaces {
  readonly app: readonly CanonicalNode[];
  /** Elements only: the white space around them is not the component's. */
  readonly head: readonly CanonicalNode[];
}

/** To be called before the page is opened. */
export function watchBlazorPage(page: Page): BlazorPage {
  const records: DecodedRecord[] = [];
  const log = createCircuitLog();
  page.on("websocket", (socket: WebSocket) => {
    const decoder = createConnectionDecoder();
    const take = (direction: Direction, payload: string | Buffer) => {
      for (const record of decoder.decode(direction, payloadOf(payload))) {
        records.push(record);
        log.apply({ direction, message: record.message, at: performance.now() });
      }
    };
    socket.on("framesent", ({ payload }) => take("out", payload));
    socket.on("framereceived", ({ payload }) => take("in", payload));
  });
  const circuit = () => log.circuits.at(-1);
  return {
    records,
    circuit,
    async both() {
      const current = circuit();
      if (current === undefined) throw new Error("No circuit was started.");
      const markups = new Set<string>();
      placesOf(current, (markup, within) => {
        markups.add(keyOf(markup, within));
        return [];
      });
      const [app, head, parsed] = await page.evaluate<
        readonly [CanonicalNode[], CanonicalNode[], readonly CanonicalNode[][]]
      >(pageSource([...markups]));
      const byKey = new Map([...markups].map((key, index) => [key, parsed[index] ?? []]));
      const parseMarkup: ParseMarkup = (markup, within) => byKey.get(keyOf(markup, within)) ?? [];
      return {
        tree: placesOf(current, parseMarkup),
        page: { app, head: head.filter((node) => typeof node !== "string") },
      };
    },
  };
}

function payloadOf(payload: string | Buffer): Payload {
  return typeof payload === "string"
    ? { kind: "text", text: payload }
    : { kind: "binary", bytes: new Uint8Array(payload) };
}

function keyOf(markup: string, within: "html" | "svg"): string {
  return JSON.stringify([markup, within]);
}

/** The first root of the document is the head's outlet, the second the application. */
function placesOf({ tree }: Circuit, parseMarkup: ParseMarkup): PagePlaces {
  const nodesOf = (selector: string) => {
    const root = tree.roots.find((one) => one.selector === selector);
    return root === undefined ? [] : canonicalDom(tree, root.componentId, parseMarkup);
  };
  return { app: nodesOf("2"), head: nodesOf("1").filter((node) => typeof node !== "string") };
}

/** The browser reads its own document, and parses for us what its script parses for the page. */
function pageSource(markups: readonly string[]): string {
  return `(() => {
    ${canonicalNodes}
    ${parseMarkupInPage}
    const head = [...document.head.childNodes];
    const start = head.findIndex((node) => node.name === "head-start");
    return [
      canonicalNodes(document.querySelector("#app").childNodes),
      canonicalNodes(head.slice(start + 1)),
      ${JSON.stringify(markups)}.map((key) => parseMarkupInPage(...JSON.parse(key))),
    ];
  })()`;
}
