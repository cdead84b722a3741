import { allCases, type Case, FLOOR, type Where } from "./cases.ts";
import { drained, measure, type RoundOptions } from "./rounds.ts";

export interface Row {
  readonly name: string;
  readonly where: Where;
  readonly peer: string;
  readonly ratio: number;
  readonly target: number | null;
  readonly met: boolean | null;
}

/** Runs the cases whose name has `only` in it; the same code in Node and in a page. */
export function measureHere(where: Where, only: string, options: RoundOptions): readonly Row[] {
  const rows = allCases().flatMap((make) => {
    const one = make();
    const names = one.contenders.map(({ work }) => `${work}, ${one.corpus}`);
    return names.some((name) => name.includes(only)) ? rowsOf(one, where, options) : [];
  });
  if (Number.isNaN(drained())) throw new Error("the sink holds numbers only");
  return rows;
}

function rowsOf(one: Case, where: Where, options: RoundOptions): readonly Row[] {
  const timings = measure([one.peerRun, ...one.contenders.map(({ run }) => run)], options);
  const rows = one.contenders.map(({ work, target }, index): Row => {
    const ratio = timings[index + 1]?.ratio ?? Number.NaN;
    const least = target?.[where];
    return row(
      `${work}, ${one.corpus}`,
      where,
      one.peer,
      ratio,
      least,
      least !== undefined && ratio >= least,
    );
  });
  const floor = one.contenders.findIndex(({ work }) => work === FLOOR);
  if (floor < 0) return rows;
  // Both against the peer in the same rounds, so that a busy machine slows all alike.
  const share = (timings[floor + 1]?.ratio ?? Number.NaN) / (timings[1]?.ratio ?? Number.NaN);
  return [
    ...rows,
    row(
      `json full decode, ${one.corpus}: time of bare JSON.parse, at most`,
      where,
      "JSON.parse",
      share,
      1.1,
      share <= 1.1,
    ),
  ];
}

function row(
  name: string,
  where: Where,
  peer: string,
  ratio: number,
  target: number | undefined,
  met: boolean,
): Row {
  const rounded = Math.round(ratio * 100) / 100;
  return {
    name,
    where,
    peer,
    ratio: rounded,
    target: target ?? null,
    met: target === undefined ? null : met,
  };
}
