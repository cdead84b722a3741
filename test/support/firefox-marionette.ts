import { connect as connectTcp } from "node:net";

/** A Marionette session: the protocol behind geckodriver, spoken directly. Packets are `length:json`. */
export interface Marionette {
  /** Sends one command and resolves with its result. */
  send(command: string, parameters?: object): Promise<unknown>;
  /** Runs `body`, the body of an async function of `args`, with the browser's own privileges. */
  chrome<R = unknown>(body: string, ...args: readonly unknown[]): Promise<R>;
  /** Runs `body`, the body of an async function of `args`, in the current tab's page. */
  content<R = unknown>(body: string, ...args: readonly unknown[]): Promise<R>;
  disconnect(): void;
}

interface Waiting {
  readonly command: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface MarionetteError {
  readonly error: string;
  readonly message: string;
}

const COLON = 58;

export async function connectMarionette(port: number): Promise<Marionette> {
  const socket = connectTcp(port, "127.0.0.1");
  const waiting = new Map<number, Waiting>();
  let received = Buffer.alloc(0);
  let lastId = 0;
  let greet: () => void;
  const greeted = new Promise<void>((resolve) => {
    greet = resolve;
  });

  const deliver = (packet: unknown): void => {
    if (!Array.isArray(packet)) {
      greet();
      return;
    }
    const [, id, error, result] = packet as [1, number, MarionetteError | null, unknown];
    const command = waiting.get(id);
    waiting.delete(id);
    if (error !== null) command?.reject(new Error(`${command.command}: ${error.error}: ${error.message}`));
    else command?.resolve(result);
  };

  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const colon = received.indexOf(COLON);
      if (colon < 0) return;
      const end = colon + 1 + Number(received.subarray(0, colon));
      if (received.length < end) return;
      const packet: unknown = JSON.parse(received.subarray(colon + 1, end).toString());
      received = received.subarray(end);
      deliver(packet);
    }
  });
  socket.on("close", () => {
    for (const command of waiting.values()) command.reject(new Error(`${command.command}: Firefox hung up`));
    waiting.clear();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  // Later errors are followed by "close", which rejects what is waiting.
  socket.on("error", () => undefined);
  await greeted;

  const send = (command: string, parameters: object = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { command, resolve, reject });
      const packet = JSON.stringify([0, lastId, command, parameters]);
      socket.write(`${Buffer.byteLength(packet)}:${packet}`);
    });

  let queue: Promise<unknown> = Promise.resolve();
  const execute = async (context: "chrome" | "content", body: string, args: readonly unknown[]) => {
    // The context is state of the session, so that a script and its context must not be torn apart.
    const run = queue.then(async () => {
      await send("Marionette:SetContext", { value: context });
      return send("WebDriver:ExecuteAsyncScript", {
        script: asyncScript(body),
        args,
        newSandbox: true,
        sandbox: context === "chrome" ? "system" : null,
      });
    });
    queue = run.catch(() => undefined);
    return unwrap((await run) as { readonly value: string });
  };

  return {
    send,
    chrome: (body, ...args) => execute("chrome", body, args) as never,
    content: (body, ...args) => execute("content", body, args) as never,
    disconnect: () => socket.destroy(),
  };
}

/** A WebDriver async script that answers with JSON, so that big results and DOM nodes are not walked by Marionette. */
export function asyncScript(body: string): string {
  return `const given = Array.prototype.slice.call(arguments);
    const done = given.pop();
    (async (...args) => { ${body} })(...given).then(
      (value) => done(JSON.stringify({ value })),
      (error) => done(JSON.stringify({ error: String(error) + "\\n" + ((error && error.stack) || "") })));`;
}

export function unwrap(answer: { readonly value: string }): unknown {
  const { value, error } = JSON.parse(answer.value) as { value?: unknown; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}
