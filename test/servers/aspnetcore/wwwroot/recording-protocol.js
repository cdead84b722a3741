import { plainValue } from "./plain-value.js";

/**
 * The hub protocol itself, with a note of each message that the client wrote or parsed: what the page knows of its own
 * traffic, handshake apart. Entries are { direction: "out" | "in", message }.
 */
export function recordingProtocol(inner, log) {
  function note(direction, message) {
    // The client sets absent members to undefined, now here, now there.
    const present = Object.entries(message).filter(([, value]) => value !== undefined);
    log.push({ direction, message: plainValue(Object.fromEntries(present)) });
  }

  return {
    name: inner.name,
    version: inner.version,
    transferFormat: inner.transferFormat,
    parseMessages(input, logger) {
      const messages = inner.parseMessages(input, logger);
      for (const message of messages) note("in", message);
      return messages;
    },
    writeMessage(message) {
      note("out", message);
      return inner.writeMessage(message);
    },
  };
}
