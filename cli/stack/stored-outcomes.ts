/** Reads all stored outcomes of a token, page by page. */
import { documentClient } from '../../lib/aws/clients.ts';
import { processClock } from '../../lib/base/clock.ts';
import { type KeptOutcome, outcomeStore } from '../../lib/event/outcome-store.ts';
import type { Tables } from './environment.ts';

const LARGEST_PAGE = 100;

/** Yields the outcomes of a token, latest event first. @param wanted how many the caller takes at most */
export async function* storedOutcomes(
  { outcomes: table }: Pick<Tables, 'outcomes'>,
  serial: string,
  wanted = Number.POSITIVE_INFINITY,
): AsyncGenerator<KeptOutcome> {
  const store = outcomeStore(documentClient(), table);
  let left = wanted;
  let after: string | undefined;
  do {
    const page = await store.page(serial, Math.min(LARGEST_PAGE, left), processClock().now(), after);
    yield* page.outcomes;
    left -= page.outcomes.length;
    after = page.next;
  } while (after !== undefined && left > 0);
}
