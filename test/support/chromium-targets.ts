import { WebSocket } from "ws";

export interface TargetInfo {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
}

/** The browser's own protocol, without what Playwright adds: nothing is attached to that is not named. */
export interface ChromiumTargets {
  list(): Promise<readonly TargetInfo[]>;
  openTab(url: string): Promise<string>;
  openDevtools(targetId: string): Promise<void>;
  /** Attaches to the target for this and later calls. The value of the expression, awaited, as JSON carries it. */
  evaluate(targetId: string, expression: string): Promise<unknown>;
  /** Asks the browser to end itself. */
  endBrowser(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** `address`: the browser's own WebSocket, `ws://127.0.0.1:<port>/devtools/browser/<id>`. */
export async function connectToTargets(address: string): Promise<ChromiumTargets> {
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const pending = new Map<number, (answer: Answer) => void>();
  socket.on("message", (data) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) pending.get(answer.id)?.(answer);
  });
  let calls = 0;
  const call = <R>(method: string, params: object = {}, sessionId?: string): Promise<R> =>
    new Promise((resolve, reject) => {
      calls += 1;
      const id = calls;
      pending.set(id, ({ result, error }) => {
        pending.delete(id);
        if (error === undefined) resolve(result as R);
        else reject(new Error(`${method}: ${error.message}`));
      });
      socket.send(JSON.stringify({ id, method, params, sessionId }));
    });

  const sessions = new Map<string, string>();
  const sessionOf = async (targetId: string): Promise<string> => {
    const known = sessions.get(targetId);
    if (known !== undefined) return known;
    const { sessionId } = await call<{ sessionId: string }>("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    sessions.set(targetId, sessionId);
    return sessionId;
  };

  return {
    list: async () => {
      const all = { filter: [{}] };
      return (await call<{ targetInfos: readonly TargetInfo[] }>("Target.getTargets", all)).targetInfos;
    },
    openTab: async (url) => (await call<{ targetId: string }>("Target.createTarget", { url })).targetId,
    openDevtools: async (targetId) => {
      await call("Target.openDevTools", { targetId });
    },
    evaluate: async (targetId, expression) => {
      const { result, exceptionDetails } = await call<{
        readonly result: { readonly value?: unknown };
        readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
      }>(
        "Runtime.evaluate",
        { expression, awaitPromise: true, returnByValue: true },
        await sessionOf(targetId),
      );
      if (exceptionDetails !== undefined)
        throw new Error(exceptionDetails.exception?.description ?? "The expression threw.");
      return result.value;
    },
    endBrowser: () =>
      new Promise((resolve) => {
        socket.once("close", () => resolve());
        // It may hang up before it answers.
        call("Browser.close").catch(() => undefined);
      }),
  };
}
