/**
 * Runs sides in turns in one run, so that other load on the machine slows all of them. Measures CPU time, and takes the
 * median of the turns. (tinybench runs one task to its end before the next, so it cannot do this.)
 */

/** One of the things to compare. `run` gets what `next` made outside the measured time. */
export interface Side<Input> {
  readonly name: string;
  run(input: Input): unknown;
}

interface Turns<Input> {
  readonly turns: number;
  readonly calls: number;
  next(): Input;
}

/** @returns for each side, in order: microseconds of CPU for each call */
export async function inTurns<Input>(
  sides: readonly Side<Input>[],
  { turns, calls, next }: Turns<Input>,
): Promise<number[]> {
  const times = sides.map((): number[] => []);
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const [index, { run }] of sides.entries()) {
      const batch = Array.from({ length: turn === 0 ? WARM_UP * calls : calls }, next);
      const start = process.cpuUsage();
      for (const input of batch) await run(input);
      const { user, system } = process.cpuUsage(start);
      if (turn > 0) times[index]?.push((user + system) / calls);
    }
  }
  return times.map(median);
}

/** Turns before the first that counts. */
const WARM_UP = 3;

/** The median; of an even number of values the upper one of the middle two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param share from 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Rounds to three significant digits, for tables. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
