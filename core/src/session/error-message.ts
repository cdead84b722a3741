import { type DecodeIssueCode, isFatalIssue } from "../wire/decode-issue.ts";
import type { SessionRecord } from "./model.ts";
import { headOf } from "./record-head.ts";

/** We could not read it, but nothing says that its receiver cannot. */
const OURS: ReadonlySet<DecodeIssueCode> = new Set<DecodeIssueCode>(["payload-omitted", "unknown-protocol"]);

/** A failed call, a close with an error, a failed handshake, or a record that is broken or cut off. */
export function isErrorMessage(record: SessionRecord): boolean {
  // What its content hides comes out when somebody looks at it.
  const message = headOf(record);
  const issues = "head" in record ? record.knownIssues : record.issues;
  switch (message.kind) {
    case "completion":
      if (message.outcome.kind === "error") return true;
      break;
    case "close":
    case "handshake-response":
      if (message.error !== undefined) return true;
      break;
    case "hub-error":
    case "connection-error":
      return true;
    case "undecodable":
      return !issues.some(({ code }) => OURS.has(code));
    default:
      break;
  }
  return issues.some((issue) => issue.code === "incomplete-at-close" || isFatalIssue(issue));
}
