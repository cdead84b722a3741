import { plainValue } from "./plain-value.js";

/**
 * The hub protocol itself, with a note of each message that the client wrote or parsed: what the page knows of its own
 * traffic, handshake apart. Entries are { direction: "out" | "in", message }.
 */
export function recordingProtocol(inner, log) {
  return {
    name: inner.name,
    version: inner.version,
    transferFormat: inner.transferFormat,
    parseMessages(input, logger) {
      const messages = inner.parseMessages(input, logger);
      for (const message of messages) log.push({ direction: "in", message: plainValue(message) });
      return messages;
    },
    writeMessage(message) {
      const defined = Object.entries(message).filter(([, value]) => value !== undefined);
      log.push({ direction: "out", message: plainValue(Object.fromEntries(defined)) });
      return inner.writeMessage(message);
    },
  };
}
