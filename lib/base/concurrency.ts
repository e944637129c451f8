/** Calls at the same time, and pauses between the tries of one call. */
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Calls `call` for each item, a few at a time, and returns the results in order. After a failure no further item is begun.
 *
 * @param most the most calls at the same time
 * @throws the error of a call, after the other calls in flight have ended
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

/** Wraps an iterator so that a loop which an error leaves closes it for all loops that share it. */
function* closing<T>(items: Iterable<T>): Generator<T> {
  yield* items;
}

const FIRST_CEILING_MS = 10;
const LAST_CEILING_MS = 1000;

/** Waits before another try: exponential backoff with full jitter, at most one second. @param attempt the tries so far, from 1 */
export async function pauseWithJitter(attempt: number): Promise<void> {
  const ceiling = Math.min(LAST_CEILING_MS, FIRST_CEILING_MS * 2 ** attempt);
  const random = (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
  await wait(random * ceiling);
}
