/** What one page of web-platform-tests came to. */
export interface WptResult {
  readonly path: string;
  /** Of the page as a whole: "OK", "ERROR", "TIMEOUT", "PRECONDITION_FAILED", or "NO RESULT" where it told nothing. */
  readonly status: string;
  readonly subtests: readonly WptSubtest[];
  readonly milliseconds: number;
}

export interface WptSubtest {
  readonly name: string;
  /** "PASS", "FAIL", "TIMEOUT", "NOTRUN" or "PRECONDITION_FAILED". */
  readonly status: string;
  readonly message: string | null;
}

export interface WptDifference {
  readonly path: string;
  /** A sentence for each subtest that came out otherwise. */
  readonly changes: readonly string[];
}

export const NO_RESULT = "NO RESULT";

/** Pages that came out otherwise; those that told nothing in one of the two are among them, those in neither are not. */
export function wptDifferences(
  plain: readonly WptResult[],
  hooked: readonly WptResult[],
): readonly WptDifference[] {
  const before = new Map(plain.map((result) => [result.path, result]));
  return hooked.flatMap((after) => {
    const natively = before.get(after.path);
    const changes = natively === undefined ? [] : changesOf(natively, after);
    return changes.length === 0 ? [] : [{ path: after.path, changes }];
  });
}

function changesOf(before: WptResult, after: WptResult): readonly string[] {
  const changes = before.status === after.status ? [] : [`the page: ${before.status} became ${after.status}`];
  // A page that told nothing says nothing of its subtests.
  if (before.status === NO_RESULT || after.status === NO_RESULT) return changes;
  const known = new Map(before.subtests.map((subtest) => [subtest.name, subtest]));
  for (const { name, status, message } of after.subtests) {
    const natively = known.get(name);
    known.delete(name);
    if (natively === undefined) changes.push(`"${name}" is new: ${status}`);
    else if (natively.status !== status)
      changes.push(`"${name}": ${natively.status} became ${status} (${message ?? natively.message ?? ""})`);
  }
  for (const name of known.keys()) changes.push(`"${name}" is missing`);
  return changes;
}
