/**
 * Work that is still to be done, a few at a time: first come first served, or in an order that `pick` draws. Knows
 * when nothing is left, also counting what is under way and what waits for its next attempt.
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
  /** How many are under way at once, at most. */
  readonly concurrency: number;
  /** Draws the next of `length` pending ones; 0 is the one that waits longest. */
  readonly pick: (length: number) => number;
  /** Does one; must not throw. */
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

  // Not at once: what is added together is pending together, whatever is picked first.
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
