/**
 * The number of runs. `npm test` tries the same few hundred inputs each time; `npm run fuzz` tries thousands of others, and
 * prints which took longest. FUZZ_RUNS multiplies the number, FUZZ_SEED repeats a run, FUZZ_SHRINK searches the smallest
 * input that fails.
 */
import fc from 'fast-check';

const TIMES = Number(process.env.FUZZ_RUNS ?? 1);

/** Enough time for thousands of runs. */
export const TIMEOUT = 120_000 * TIMES;

/** @param runs in `npm test` @throws Error with the input for which `border` throws */
export async function fuzz<T>(
  what: string,
  inputs: fc.Arbitrary<T>,
  runs: number,
  border: (input: T) => Promise<void>,
): Promise<void> {
  let slowest = { milliseconds: 0, input: '' };
  const timed = async (input: T): Promise<void> => {
    const before = process.cpuUsage();
    await border(input);
    const { user, system } = process.cpuUsage(before);
    if (user + system > slowest.milliseconds * 1000) {
      slowest = { milliseconds: (user + system) / 1000, input: describe(input) };
    }
  };
  const { failed, seed, counterexample, errorInstance } = await fc.check(fc.asyncProperty(inputs, timed), {
    numRuns: runs * TIMES,
    endOnFailure: process.env.FUZZ_SHRINK === undefined,
  });
  if (failed) {
    const input = describe(counterexample?.[0]);
    throw new Error(`${what}, FUZZ_SEED=${seed}: fails on ${input}: ${errorInstance}`, { cause: errorInstance });
  }
  if (TIMES > 1) process.stderr.write(`${what}: ${runs * TIMES} runs, the slowest ${JSON.stringify(slowest)}\n`);
}

/** Shows the beginning of an input. What is nested too deep is shown by its kind alone: printing would exhaust the stack. */
function describe(input: unknown): string {
  try {
    return fc.stringify(input).slice(0, 300);
  } catch (error) {
    if (error instanceof RangeError) return `a deeply nested ${Array.isArray(input) ? 'array' : typeof input}`;
    throw error;
  }
}
