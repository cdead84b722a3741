/** What the runners reported, summed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** What failed, each with the first lines of its error: said again at the end, where a long log is cut last. */
  readonly failures: readonly string[];
  readonly skipped: readonly SkippedTest[];
  /** Passed only when tried again: counted as passed, and named. */
  readonly retried: readonly string[];
}

export interface SkippedTest {
  /** File and outermost suite (or the test itself), as a reader would look for it. */
  readonly suite: string;
  readonly reason?: string;
}

export const NOTHING: Tally = { passed: 0, failed: 0, failures: [], skipped: [], retried: [] };

export function add(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    failures: [...a.failures, ...b.failures],
    skipped: [...a.skipped, ...b.skipped],
    retried: [...a.retried, ...b.retried],
  };
}

interface VitestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** The error of a file that could not be loaded. */
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly ancestorTitles: readonly string[];
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/**
 * A test that passed only when tried again still has what it failed with: it is counted as passed, and named.
 * A file that could not be loaded has no tests in it; it counts as one failure, as does an error outside of tests.
 */
export function tallyVitest(report: VitestReport, root = ""): Tally {
  let passed = 0;
  let failed = 0;
  const failures: string[] = [];
  const skipped: SkippedTest[] = [];
  const retried: string[] = [];
  for (const file of report.testResults) {
    const before = failed;
    const name = file.name.replace(root, "");
    for (const { status, title, ancestorTitles, failureMessages } of file.assertionResults) {
      const test = [name, ...ancestorTitles, title].join(" › ");
      const [fault] = failureMessages ?? [];
      if (status === "passed") {
        passed += 1;
        if (fault !== undefined) retried.push(failure(test, fault));
      } else if (status === "failed") {
        failed += 1;
        failures.push(failure(test, fault));
      } else skipped.push({ suite: [name, ancestorTitles[0] ?? title].join(" › ") });
    }
    if (file.status === "failed" && failed === before) {
      failed += 1;
      failures.push(failure(name, file.message));
    }
  }
  if (!report.success && failed === 0) {
    failed = 1;
    failures.push("an error outside of all tests");
  }
  return { passed, failed, failures, skipped, retried };
}

interface PlaywrightResult {
  readonly error?: { readonly message?: string };
}

interface PlaywrightSuite {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly tests: readonly {
      readonly projectName: string;
      readonly status: "expected" | "unexpected" | "flaky" | "skipped";
      readonly annotations: readonly { readonly type: string; readonly description?: string }[];
      readonly results?: readonly PlaywrightResult[];
    }[];
  }[];
}

export interface PlaywrightReport {
  readonly suites: readonly PlaywrightSuite[];
  readonly errors: readonly { readonly message?: string }[];
}

export function tallyPlaywright(report: PlaywrightReport): Tally {
  const failures = report.errors.map(({ message }) => failure("an error outside of all tests", message));
  let tally: Tally = { ...NOTHING, failed: report.errors.length, failures };
  const visit = (suite: PlaywrightSuite, path: readonly string[]): void => {
    for (const spec of suite.specs ?? []) {
      for (const { status, projectName, annotations, results } of spec.tests) {
        if (status === "expected") tally = { ...tally, passed: tally.passed + 1 };
        else if (status === "flaky") {
          const name = `${path[0] ?? suite.title} (${projectName}) › ${spec.title}`;
          const test = failure(name, errorOf(results));
          tally = { ...tally, passed: tally.passed + 1, retried: [...tally.retried, test] };
        } else if (status === "skipped") {
          const reason = annotations.find(({ type }) => type === "skip")?.description;
          const name = [`${path[0] ?? suite.title} (${projectName})`, path[1] ?? spec.title].join(" › ");
          const entry = { suite: name, ...(reason === undefined ? {} : { reason }) };
          tally = { ...tally, skipped: [...tally.skipped, entry] };
        } else {
          const name = [`${path[0] ?? suite.title} (${projectName})`, ...path.slice(1), spec.title].join(
            " › ",
          );
          tally = add(tally, { ...NOTHING, failed: 1, failures: [failure(name, errorOf(results))] });
        }
      }
    }
    for (const inner of suite.suites ?? []) visit(inner, [...path, inner.title]);
  };
  for (const suite of report.suites) visit(suite, [suite.title]);
  return tally;
}

function errorOf(results: readonly PlaywrightResult[] = []): string | undefined {
  return results.find(({ error }) => error !== undefined)?.error?.message;
}

const LINES_OF_AN_ERROR = 12;
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "gu");

function failure(name: string, error: string | undefined): string {
  const lines = (error ?? "").replace(COLOURS, "").split("\n").slice(0, LINES_OF_AN_ERROR);
  return [name, ...lines.filter((line) => line.trim() !== "").map((line) => `    ${line}`)].join("\n");
}

/** One line for each skipped suite, with the number of its tests and the reason where one was given. */
export function skippedSuites(skipped: readonly SkippedTest[]): readonly string[] {
  const suites = new Map<string, { count: number; reason: string | undefined }>();
  for (const { suite, reason } of skipped) {
    suites.set(suite, { count: (suites.get(suite)?.count ?? 0) + 1, reason });
  }
  return [...suites].map(
    ([suite, { count, reason }]) =>
      `${suite}: ${count === 1 ? "1 test" : `${count} tests`}${reason === undefined ? "" : `. ${reason}`}`,
  );
}

/** The last line of a test run. */
export function summary({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped.length} skipped`;
}
