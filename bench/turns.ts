/**
 * Sides that take turns in one run: whatever else the machine does, it does to all of them. CPU time and not the
 * clock's, and the median of the turns. (tinybench runs one task to its end before the next, so it cannot.)
 */

/** A way to do something. `run` gets what `next` made outside the measured time. */
export interface Side<Input> {
  readonly name: string;
  run(input: Input): unknown;
}

interface Turns<Input> {
  readonly turns: number;
  readonly calls: number;
  next(): Input;
}

/** @returns for each side, in order: microseconds of CPU a call */
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

/** So many turns before the first that counts. */
const WARM_UP = 3;

/** The middle one, and the upper of two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param share from 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** For tables: three digits that say something. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
