export interface Row {
  readonly name: string;
  readonly where: string;
  readonly peer: string;
  readonly ratio: number;
  readonly target: number | null;
  readonly met: boolean | null;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** For people; ratios are what they are called in the row's name. */
export function print(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, where, peer, ratio, target, met } of rows) {
    const verdict = met === null ? "" : met ? "met" : "NOT MET";
    const wanted = target === null ? "" : `target ${target}`;
    console.log(
      `${name.padEnd(width)}  ${where.padEnd(8)}  ${String(ratio).padStart(9)}  ${wanted.padEnd(12)} ${verdict.padEnd(8)} ${peer}`,
    );
  }
}
