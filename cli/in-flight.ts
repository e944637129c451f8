/** Many calls, a few at a time: thousands at once would wait for a connection until they time out. */

const IN_FLIGHT = 16;

/** What `call` makes of each item, in their order. @throws what a call throws, when those under way have ended */
export async function inFlight<T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [i, item] of waiting) results[i] = await call(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, work));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return results;
}
