import { describe, expect, test } from "vitest";
import { closeCodeText, ISSUE_CODES, issueSentence, negotiateFailureText } from "../../ui/texts.ts";

describe("texts", () => {
  test.for([
    [1000, "normal closure"],
    [1006, "no close frame: the network or the process went away"],
    [1234, "not a code that RFC 6455 knows"],
    [3500, "a code registered by a library"],
    [4001, "a code of the application"],
  ] as const)("close code %i is %s", ([code, words]) => {
    expect(closeCodeText(code)).toBe(words);
  });

  test.for(ISSUE_CODES)("the issue %s is a whole sentence without a shout", (code) => {
    expect(issueSentence({ code })).toMatch(/^[A-Z][^!]*\.$/);
  });

  test("an issue says its field, its place and its detail, made safe", () => {
    expect(issueSentence({ code: "not-json", field: "a\u202eb", at: 7, detail: "Unexpected token" })).toBe(
      "This is not valid JSON. (field a\\u202eb, at 7: Unexpected token)",
    );
  });

  test.for([
    [401, "HTTP status 401", "401: not authorised"],
    [418, "HTTP status 418", "418: an HTTP error"],
    [200, "The answer is not JSON", "The answer is not JSON"],
    [undefined, "Failed to fetch", "Failed to fetch"],
  ] as const)("a failed negotiate with status %s and reason %s is %s", ([status, reason, text]) => {
    expect(negotiateFailureText(status, reason)).toBe(text);
  });
});
