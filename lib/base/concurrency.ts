/** Calls at the same time, and pauses between the tries of one call. */
import { setTimeout as wait } from 'node:timers/promises';

/**
 * What `call` makes of each item, in their order. Where one fails, no further item is begun.
 *
 * @param most so many calls are under way at once
 * @throws what a call throws, when those under way have ended
 */
export async function inFlight<T, R>(
  items: readonly T[],
  call: (item: T) => Promise<R>,
  most = 16,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = closing(items.entries());
  const work = async (): Promise<void> => {
    for (const [i, item] of waiting) results[i] = await call(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: most }, work));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return results;
}

/** A loop that is left by an error closes a generator for all that share it; an array's own iterator goes on. */
function* closing<T>(items: Iterable<T>): Generator<T> {
  yield* items;
}

const FIRST_CEILING_MS = 10;
const LAST_CEILING_MS = 1000;

/** @param attempt the tries so far, from 1 */
export async function pauseWithJitter(attempt: number): Promise<void> {
  const ceiling = Math.min(LAST_CEILING_MS, FIRST_CEILING_MS * 2 ** attempt);
  const random = (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
  await wait(random * ceiling);
}
