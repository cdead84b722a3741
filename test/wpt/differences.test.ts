import { expect, test } from "vitest";
import { type WptResult, wptDifferences } from "./differences.ts";

function page(path: string, status: string, subtests: Readonly<Record<string, string>> = {}): WptResult {
  return {
    path,
    status,
    milliseconds: 1,
    subtests: Object.entries(subtests).map(([name, outcome]) => ({
      name,
      status: outcome,
      message: outcome === "FAIL" ? `${name} went wrong` : null,
    })),
  };
}

test("what comes out the same is no difference, failed or not", () => {
  const results = [page("/a", "OK", { one: "PASS", two: "FAIL" }), page("/b", "TIMEOUT")];
  expect(wptDifferences(results, results)).toEqual([]);
});

test("a subtest that comes out otherwise is named with what it says", () => {
  const [natively, hooked] = [page("/a", "OK", { one: "PASS" }), page("/a", "OK", { one: "FAIL" })];
  expect(wptDifferences([natively], [hooked])).toEqual([
    { path: "/a", changes: ['"one": PASS became FAIL (one went wrong)'] },
  ]);
  // Better than natively is different too.
  expect(wptDifferences([hooked], [natively])[0]?.changes).toEqual([
    '"one": FAIL became PASS (one went wrong)',
  ]);
});

test("subtests that come or go, and the page as a whole, are differences", () => {
  expect(
    wptDifferences([page("/a", "OK", { one: "PASS" })], [page("/a", "ERROR", { two: "PASS" })])[0]?.changes,
  ).toEqual(["the page: OK became ERROR", '"two" is new: PASS', '"one" is missing']);
});

test("a page that tells nothing differs as a whole", () => {
  expect(wptDifferences([page("/a", "OK", { one: "PASS" })], [page("/a", "NO RESULT")])[0]?.changes).toEqual([
    "the page: OK became NO RESULT",
  ]);
});

test("a page that was not run natively is not compared", () => {
  expect(wptDifferences([], [page("/a", "OK", { one: "PASS" })])).toEqual([]);
});
