import { plainValue } from "./plain-value.js";

/** Makes calls on a connection of the official client and keeps a report of them, in the order in which they began. */
export function createCaller(connection) {
  const report = [];

  function begin(kind, target, args) {
    const entry = { kind, target, arguments: args.map(plainValue), outcome: { kind: "pending" } };
    report.push(entry);
    return entry;
  }

  async function invoke(target, ...args) {
    const entry = begin("invoke", target, args.filter(isNotStream));
    try {
      const value = await connection.invoke(target, ...args);
      entry.outcome = { kind: "result", value: plainValue(value) };
      return value;
    } catch (error) {
      entry.outcome = { kind: "error", message: error.message };
      return undefined;
    }
  }

  async function send(target, ...args) {
    const entry = begin("send", target, args);
    await connection.send(target, ...args);
    entry.outcome = { kind: "sent" };
  }

  /** Cancels after `cancelAfter` items when that is given. */
  function stream({ target, args, cancelAfter = Number.POSITIVE_INFINITY }) {
    const entry = begin("stream", target, args.filter(isNotStream));
    const items = [];
    return new Promise((resolve) => {
      const finish = (ending) => {
        entry.outcome = { kind: "items", items: items.map(plainValue), ...ending };
        resolve(items);
      };
      const subscription = connection.stream(target, ...args).subscribe({
        next(item) {
          if (items.length >= cancelAfter) return;
          items.push(item);
          if (items.length < cancelAfter) return;
          subscription.dispose();
          finish({ ending: "cancelled" });
        },
        complete: () => finish({ ending: "complete" }),
        error: (error) => finish({ ending: "error", message: error.message }),
      });
    });
  }

  /** `answer` is what the client method returns, or throws, when the server calls it. */
  function on(target, answer) {
    connection.on(target, (...args) => {
      const entry = begin("received", target, args);
      if (answer === undefined) {
        entry.outcome = { kind: "none" };
        return undefined;
      }
      try {
        const value = answer(...args);
        if (!(value instanceof Promise)) entry.outcome = { kind: "result", value: plainValue(value) };
        return value;
      } catch (error) {
        entry.outcome = { kind: "error", message: error.message };
        throw error;
      }
    });
  }

  return { report, invoke, send, stream, on };
}

function isNotStream(value) {
  return typeof value?.subscribe !== "function";
}
