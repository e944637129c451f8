/**
 * Works through items, a few at a time: in the order in which they came, or in one that `pick` draws. Tells when
 * nothing is left, also counting what is under way and what waits for its next attempt.
 */

export interface Pending<T> {
  add(item: T, delayMs?: number): void;
  /** Resolves when nothing is pending, under way, or waiting. */
  idle(): Promise<void>;
  /** Starts nothing new until what it returns is called. */
  hold(): () => void;
  /** Starts nothing new, and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface PendingOptions<T> {
  /** The maximum number of items under way at once. */
  readonly concurrency: number;
  /** Draws the index of the next item out of `length` pending ones; 0 has waited longest. */
  readonly pick: (length: number) => number;
  /** Works on one item; must not throw. */
  readonly work: (item: T) => Promise<void>;
}

export function pendingWork<T>({ concurrency, pick, work }: PendingOptions<T>): Pending<T> {
  const ready: T[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const waiters: { readonly when: () => boolean; readonly resolve: () => void }[] = [];
  let running = 0;
  let holds = 0;
  let stopped = false;
  let scheduled = false;

  const settle = (): void => {
    for (const waiter of waiters.filter(({ when }) => when())) {
      waiters.splice(waiters.indexOf(waiter), 1);
      waiter.resolve();
    }
  };

  const next = (): void => {
    scheduled = false;
    while (!stopped && holds === 0 && running < concurrency && ready.length > 0) {
      const [item] = ready.splice(pick(ready.length), 1);
      if (item === undefined) break;
      running += 1;
      void work(item).finally(() => {
        running -= 1;
        schedule();
      });
    }
    settle();
  };

  // Waits for the next turn of the event loop, so that items added together are pending together when one is picked.
  const schedule = (): void => {
    if (!scheduled) setImmediate(next);
    scheduled = true;
  };

  const addNow = (item: T): void => {
    ready.push(item);
    schedule();
  };

  const until = (when: () => boolean): Promise<void> =>
    when() ? Promise.resolve() : new Promise((resolve) => waiters.push({ when, resolve }));

  return {
    add: (item, delayMs = 0) => {
      if (delayMs <= 0) return addNow(item);
      const timer = setTimeout(() => {
        timers.delete(timer);
        addNow(item);
      }, delayMs);
      timers.add(timer);
    },
    idle: () => until(() => stopped || (running === 0 && ready.length === 0 && timers.size === 0)),
    hold: () => {
      holds += 1;
      return () => {
        holds -= 1;
        schedule();
      };
    },
    stop: () => {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      settle();
      return until(() => running === 0);
    },
  };
}

/**
 * Makes a generator of pseudo-random numbers (mulberry32): the same seed draws the same numbers on every machine.
 *
 * @returns draws a whole number from 0 up to, not including, `below`
 */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}
