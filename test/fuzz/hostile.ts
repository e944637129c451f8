/** Checks a parser on hostile input: it must return in time, or refuse with a code. */
import { expect } from 'vitest';
import { TokenwrightError } from '../../lib/base/error.ts';
import { Refusal } from '../../lib/schema/validate.ts';

/**
 * Runs a border on hostile input: it answers, or throws a refusal with codes; within so many milliseconds of CPU time; and leaves the
 * prototype of all objects alone. A slow answer is asked for again: the first may have been compiling.
 */
export async function survives(border: (input: unknown) => unknown, input: unknown, most: number): Promise<void> {
  let spent = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4 && spent > most; attempt += 1) {
    const before = process.cpuUsage();
    try {
      await border(input);
    } catch (error) {
      if (!(error instanceof TokenwrightError) && !(error instanceof Refusal)) throw error;
    }
    const { user, system } = process.cpuUsage(before);
    spent = (user + system) / 1000;
  }
  expect(spent).toBeLessThanOrEqual(most);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect('polluted' in {}).toBe(false);
}
