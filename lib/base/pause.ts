/** Waiting before another try: doubling, with full jitter, so that writers of one token get out of each other's way. */
import { setTimeout as wait } from 'node:timers/promises';

const FIRST_CEILING_MS = 10;
const LAST_CEILING_MS = 1000;

/** @param attempt the tries so far, from 1 */
export async function pauseWithJitter(attempt: number): Promise<void> {
  const ceiling = Math.min(LAST_CEILING_MS, FIRST_CEILING_MS * 2 ** attempt);
  const random = (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
  await wait(random * ceiling);
}
