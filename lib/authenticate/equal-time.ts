/** Refusals that take equally long, whatever was found out: the reason cannot be read off a clock. */
import { setTimeout as wait } from 'node:timers/promises';

/** Longer than a refusal takes, PINs of several tokens and a write included; what takes longer ends at a multiple. */
const STEP_MS = 500;

/** Does a work, and answers at the next full step. @throws what the work throws, at the same moment */
export async function inEqualTime<T>(work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    const taken = performance.now() - began;
    await wait(Math.ceil(taken / STEP_MS) * STEP_MS - taken);
  }
}
