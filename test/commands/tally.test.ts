import { describe, expect, test } from "vitest";
import { add, skippedSuites, summary, tallyPlaywright, tallyVitest } from "./tally.ts";

const assertion = (status: string, title: string, ...ancestorTitles: string[]) => ({
  status,
  title,
  ancestorTitles,
});

describe("the tally of a vitest report", () => {
  test("counts tests and names skipped ones by file and suite", () => {
    const results = [
      assertion("passed", "one", "codec"),
      {
        ...assertion("failed", "two", "codec"),
        failureMessages: ["\u001b[31mexpected 1\u001b[39m\n\nto be 2"],
      },
      { ...assertion("passed", "again", "real page"), failureMessages: ["gone\n    at line 1"] },
      assertion("pending", "three", "real server"),
      assertion("todo", "four", "real server"),
      assertion("skipped", "five"),
    ];
    const report = {
      success: false,
      testResults: [{ name: "/root/test/a.test.ts", status: "failed", assertionResults: results }],
    };
    const tally = tallyVitest(report, "/root/");
    expect(summary(tally)).toBe("2 passed, 1 failed, 3 skipped");
    expect(tally.failures).toEqual(["test/a.test.ts › codec › two\n    expected 1\n    to be 2"]);
    expect(tally.retried).toEqual(["test/a.test.ts › real page › again\n    gone\n        at line 1"]);
    expect(skippedSuites(tally.skipped)).toEqual([
      "test/a.test.ts › real server: 2 tests",
      "test/a.test.ts › five: 1 test",
    ]);
  });

  test("counts a file that could not be loaded as a failure", () => {
    const file = { name: "a", status: "failed", message: "No such file", assertionResults: [] };
    const tally = tallyVitest({ success: false, testResults: [file] });
    expect(tally).toMatchObject({ failed: 1, failures: ["a\n    No such file"] });
  });

  test("counts an error outside of all tests as a failure", () => {
    const passed = { name: "a", status: "passed", assertionResults: [assertion("passed", "one")] };
    expect(tallyVitest({ success: false, testResults: [passed] })).toMatchObject({
      passed: 1,
      failed: 1,
      failures: ["an error outside of all tests"],
    });
  });
});

describe("the tally of a Playwright report", () => {
  const test1 = (
    status: "expected" | "unexpected" | "flaky" | "skipped",
    projectName: string,
    reason?: string,
  ) => ({
    status,
    projectName,
    results: status === "unexpected" || status === "flaky" ? [{ error: { message: "No row" } }, {}] : [{}],
    annotations: reason === undefined ? [] : [{ type: "skip", description: reason }],
  });

  test("counts every project of a spec, and names a test that passed only when tried again", () => {
    const tests = [test1("expected", "chromium"), test1("unexpected", "firefox"), test1("flaky", "firefox")];
    const report = { errors: [], suites: [{ title: "a.spec.ts", specs: [{ title: "one", tests }] }] };
    const tally = tallyPlaywright(report);
    expect(summary(tally)).toBe("2 passed, 1 failed, 0 skipped");
    expect(tally.retried).toEqual(["a.spec.ts (firefox) › one\n    No row"]);
    expect(tally.failures).toEqual(["a.spec.ts (firefox) › one\n    No row"]);
  });

  test("names a skipped suite with its browser and its reason", () => {
    const specs = ["one", "two"].map((title) => ({
      title,
      tests: [test1("skipped", "firefox", "No Firefox.")],
    }));
    const suites = [{ title: "calls.spec.ts", suites: [{ title: "over JSON", specs }] }];
    expect(skippedSuites(tallyPlaywright({ errors: [], suites }).skipped)).toEqual([
      "calls.spec.ts (firefox) › over JSON: 2 tests. No Firefox.",
    ]);
  });

  test("counts errors outside of tests", () => {
    const tally = tallyPlaywright({ errors: [{ message: "no config" }], suites: [] });
    expect(tally).toMatchObject({ failed: 1, failures: ["an error outside of all tests\n    no config"] });
  });
});

test("tallies add up", () => {
  const one = { passed: 1, failed: 2, failures: ["b", "c"], skipped: [{ suite: "a" }], retried: [] };
  expect(summary(add(one, one))).toBe("2 passed, 4 failed, 2 skipped");
});
