import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import { formatTime } from "../../../ui/format/format-time.ts";
import { statusTexts } from "../../../ui/inspector/status/status-texts.ts";
import { issueSentence } from "../../../ui/texts.ts";

describe("why a payload is not there", () => {
  test("an answer that came whole and is too long is not said to be unreadable for the page's sake", () => {
    const sentence = (detail: string) => issueSentence({ code: "payload-omitted", detail });
    expect(sentence("too-long")).toContain("longer than the megabyte");
    expect(sentence("too-long")).not.toContain("for the page");
    expect(sentence("not-captured")).toContain("for the page");
  });
});

describe("status line", () => {
  test("says from when on a page was recorded that had said more than is kept", () => {
    const session = createSession();
    session.apply({
      type: "events-dropped",
      at: 1_000,
      count: 5,
      bytes: 9,
      reason: "buffer-full",
      limit: "20 MB",
    });
    expect(statusTexts(session, true)).toContain(
      `Messages before ${formatTime(1_000)} were not kept (limit 20 MB). Reload to record from the start.`,
    );
  });

  test("says nothing of it where all was kept, and where something else was lost", () => {
    const session = createSession();
    session.apply({ type: "events-dropped", at: 1_000, count: 5, bytes: 9, reason: "not-delivered" });
    expect(statusTexts(session, true).join()).not.toContain("not kept");
  });
});
