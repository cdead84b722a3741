/** Does its work once over a whole corpus and returns a number, so that no engine can leave the work out. */
export type Work = () => number;

export interface Timing {
  /** Median over the rounds of (time of the peer / time of this work): above 1 is faster than the peer. */
  readonly ratio: number;
  /** Median milliseconds for the whole corpus. */
  readonly milliseconds: number;
}

export interface RoundOptions {
  readonly rounds: number;
  /** Milliseconds that each work gets in each round. */
  readonly slice: number;
}

let sink = 0;

/**
 * Every round runs every work for one slice, in rotated order, so that a busy machine slows all alike. The first work
 * is the peer.
 */
export function measure(works: readonly Work[], { rounds, slice }: RoundOptions): readonly Timing[] {
  for (const work of works) runFor(work, slice * 4);
  const times: number[][] = works.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < works.length; turn++) {
      const which = (turn + round) % works.length;
      const work = works[which];
      if (work !== undefined) times[which]?.push(runFor(work, slice));
    }
  }
  const peer = times[0] ?? [];
  return times.map((own) => ({
    milliseconds: median(own),
    ratio: median(own.map((time, round) => (peer[round] ?? Number.NaN) / time)),
  }));
}

/** Milliseconds for one run. */
function runFor(work: Work, slice: number): number {
  const start = performance.now();
  let runs = 0;
  let now = start;
  do {
    sink ^= work() | 0;
    runs += 1;
    now = performance.now();
  } while (now - start < slice);
  return (now - start) / runs;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Read once at the end, so that what was added to it is needed. */
export function drained(): number {
  return sink;
}
