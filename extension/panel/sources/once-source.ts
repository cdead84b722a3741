import type { CaptureEvent, Milliseconds } from "../../../core/src/capture-event.ts";
import type { Clock } from "../../channel/clock.ts";
import { hasShape, isCount, isFields, isFlag, isId, isListOf } from "../../channel/guards.ts";
import { createDocumentInbox, type DocumentInbox } from "../document-inbox.ts";

/**
 * "Reload and capture once": devtools reload the page with the page hook in it. Needs no access to the site, and
 * lasts until the page is left.
 */
export interface OnceSource {
  /** "loading": the reload was asked for. "capturing": this load is recorded. */
  readonly state: OnceState;
  start(): void;
  /** What is captured is over; a reload that was asked for is still to come. */
  pageLeft(): void;
  /** The tab shows another document, or the same one anew. */
  navigated(): void;
  close(): void;
}

export type OnceState = "idle" | "loading" | "capturing";

export interface OnceSourceOptions {
  readonly clock: Clock;
  /** The hook as text: a file of this extension. */
  readonly script: () => Promise<string>;
  readonly reloadWith: (script: string) => void;
  /** Runs the expression in the page. */
  readonly ask: (expression: string) => Promise<unknown>;
  readonly randomKey: () => string;
  /** The document has a hook of its own, whose events come another way. */
  readonly hasHook: (url: string) => boolean;
  readonly apply: (event: CaptureEvent) => void;
  readonly changed: () => void;
}

const QUICKEST: Milliseconds = 100;
const SLOWEST: Milliseconds = 1_000;
/** A page that does not come is not waited for. */
const LONGEST_LOAD: Milliseconds = 30_000;

const isNumbered = hasShape({
  number: isCount,
  event: (_value: unknown): _value is unknown => true,
});
const isAnswer = hasShape({
  document: isId,
  events: isListOf(isNumbered, 100_000),
  lost: isCount,
  more: isFlag,
});

interface Heard {
  readonly inbox: DocumentInbox;
  lost: number;
}

export function createOnceSource(options: OnceSourceOptions): OnceSource {
  const { clock, script, reloadWith, ask, randomKey, hasHook, apply, changed } = options;
  const life = new AbortController();
  let state: OnceState = "idle";
  let load:
    | { readonly key: string; readonly documents: Map<string, Heard>; readonly end: AbortController }
    | undefined;

  function become(next: OnceState): void {
    if (state === next) return;
    state = next;
    changed();
  }

  function finish(): void {
    if (load === undefined) return;
    load.end.abort();
    for (const document of load.documents.keys())
      apply({ type: "document-ended", at: clock.now(), document: nameOf(document) });
    load = undefined;
    become("idle");
  }

  async function begin(): Promise<void> {
    const code = await script();
    if (life.signal.aborted) return;
    finish();
    const key = randomKey();
    const end = new AbortController();
    load = { key, documents: new Map(), end };
    become("loading");
    clock.after(LONGEST_LOAD, () => state === "loading" && finish(), end.signal);
    reloadWith(`(() => { const HUBSCOPE_KEY = ${JSON.stringify(key)};\n${code}\n})();`);
  }

  async function drain(current: NonNullable<typeof load>, pause: Milliseconds): Promise<void> {
    const isOver = () => current.end.signal.aborted || life.signal.aborted;
    if (isOver()) return;
    const answer: unknown = await ask(question(current.key, positionsOf(current.documents))).catch(
      () => undefined,
    );
    if (isOver()) return;
    let isNews = false;
    let isMore = false;
    for (const frame of isFields(answer) && Array.isArray(answer["heard"]) ? answer["heard"] : []) {
      if (!isFields(frame) || !isAnswer(frame["answer"]) || typeof frame["url"] !== "string") continue;
      if (hasHook(frame["url"])) continue;
      if (frame["answer"].more) isMore = true;
      if (take(current, frame["answer"])) isNews = true;
    }
    const next = isNews ? QUICKEST : Math.min(pause * 2, SLOWEST);
    clock.after(isMore ? 0 : next, () => void drain(current, next), current.end.signal);
  }

  function take(
    { documents }: NonNullable<typeof load>,
    {
      document,
      events,
      lost,
    }: {
      readonly document: string;
      readonly events: readonly { readonly number: number; readonly event: unknown }[];
      readonly lost: number;
    },
  ): boolean {
    const heard = documents.get(document) ?? { inbox: createDocumentInbox(nameOf(document)), lost: 0 };
    documents.set(document, heard);
    if (lost > heard.lost) {
      apply({
        type: "events-dropped",
        at: clock.now(),
        count: lost - heard.lost,
        bytes: 0,
        reason: "buffer-full",
      });
      heard.lost = lost;
    }
    for (const event of heard.inbox.take(events, clock.now())) apply(event);
    return events.length > 0;
  }

  return {
    get state() {
      return state;
    },
    start() {
      void begin();
    },
    pageLeft() {
      if (state === "capturing") finish();
    },
    navigated() {
      if (load === undefined) return;
      if (state === "capturing") return finish();
      become("capturing");
      void drain(load, QUICKEST);
    },
    close() {
      life.abort();
      load?.end.abort();
    },
  };
}

function positionsOf(documents: ReadonlyMap<string, Heard>): Readonly<Record<string, number>> {
  return Object.fromEntries([...documents].map(([document, { inbox }]) => [document, inbox.position]));
}

function nameOf(document: string): string {
  return `once-${document}`;
}

/** Asks the hook of the page, and those of its frames that the page itself may look into. */
function question(key: string, after: Readonly<Record<string, number>>): string {
  const known = JSON.stringify({ key, after });
  return `(({ key, after }) => {
    const heard = [];
    const ask = (scope) => {
      try {
        const detail = { after };
        scope.document.dispatchEvent(new scope.CustomEvent(key, { detail }));
        if (detail.answer) heard.push({ url: scope.location.href, answer: detail.answer });
        for (let at = 0; at < scope.frames.length; at++) ask(scope.frames[at]);
      } catch {}
    };
    ask(window);
    return { heard };
  })(${known})`;
}
