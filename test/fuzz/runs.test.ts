/** Fuzzing itself: it names each input, also one that is nested too deep to print. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nested } from './corpus.ts';
import { fuzz } from './runs.ts';

const DEEP = fc.constant(nested(20_000, (inner) => ({ a: inner })));

it('takes a deeply nested input that is the slowest', async () => {
  await expect(fuzz('deep', DEEP, 1, async () => undefined)).resolves.toBeUndefined();
});

it('names the input that fails, and the error', async () => {
  const fail = async (): Promise<void> => {
    throw new Error('no answer');
  };
  await expect(fuzz('deep', DEEP, 1, fail)).rejects.toThrow(/fails on a deeply nested object: Error: no answer$/);
  await expect(fuzz('flat', fc.constant(['x']), 1, fail)).rejects.toThrow(
    /^flat, .* fails on \["x"\]: Error: no answer$/,
  );
});
