/** Many calls, a few at a time: thousands at once would wait for a connection until they time out. */

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
