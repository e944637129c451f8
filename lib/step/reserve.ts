/**
 * Counts a user's tokens while no other step creates a token for that user. A step whose condition counts tokens takes
 * the user's reservation first (`reservation-store.ts`), and releases it if it creates no token after all.
 */

import { type Clause, countsTokens } from '../condition/clause.ts';
import { isSameUser, type UserIdentity } from '../directory/user.ts';
import type { Reason } from '../event/outcome.ts';
import { hasStep } from '../token/ledger.ts';
import { isLive } from '../token/record.ts';
import { evaluateAll } from './evaluate.ts';
import type { Reservation } from './reservation-store.ts';
import type { CreationTools } from './step.ts';

/** How often a step waits for another step of the same user within one invocation. */
const MAX_WAITS = 5;

/**
 * Evaluates the clauses that count tokens once more, under the user's reservation.
 *
 * @returns the reason of the first that does not pass any more; `null`: all do, and the reservation is held
 * @throws Error if another step keeps the reservation and has not created its token yet: the delivery is repeated
 */
export async function reserve(
  { id, clauses }: { readonly id: string; readonly clauses: readonly Clause[] },
  serial: string,
  user: UserIdentity,
  deps: CreationTools,
): Promise<Reason | null> {
  const counting = clauses.filter(countsTokens);
  if (counting.length === 0) return null;
  const wanted = { step: id, serial, made: [] };
  const recount = async (made: readonly string[]) => {
    const unmet = await countAgain(counting, user, made, deps);
    // A reservation that lists tokens of former holders is kept: the index may not show them yet.
    if (unmet && made.length === 0) await deps.reservations.release(user, wanted.step);
    return unmet;
  };
  let holder = await deps.reservations.take(user, wanted);
  for (let wait = 1; holder !== null && wait <= MAX_WAITS; wait += 1) {
    // An earlier delivery of this step took it.
    if (holder.step === wanted.step) return recount(holder.made);
    if (await hasCreated(holder, deps)) {
      const made = [...holder.made, holder.serial];
      const unmet = await countAgain(counting, user, made, deps);
      if (unmet) return unmet;
      holder = await deps.reservations.take(user, { ...wanted, made }, holder);
      if (holder === null) return null;
    } else {
      await deps.pause(wait);
      holder = await deps.reservations.take(user, wanted);
    }
  }
  if (holder) throw new Error('another step creates a token for the same user at this moment');
  return recount([]);
}

/** Tells whether the holder of a reservation has created its token. */
async function hasCreated({ step, serial }: Reservation, { tokens }: Pick<CreationTools, 'tokens'>): Promise<boolean> {
  const record = await tokens.read(serial);
  return record !== undefined && hasStep(record.ledger, step);
}

/**
 * Evaluates the counting clauses on the user's present tokens.
 *
 * @param made serials of tokens that were created a moment ago: the index of a user's tokens may not show them yet
 */
async function countAgain(
  counting: readonly Clause[],
  user: UserIdentity,
  made: readonly string[],
  deps: CreationTools,
): Promise<Reason | null> {
  const facts = await deps.loadFacts(counting, null, user);
  const counted = [...(facts.user_tokens ?? [])];
  for (const serial of made) {
    const record = counted.some((token) => token.serial === serial) ? undefined : await deps.tokens.read(serial);
    if (isLive(record) && isSameUser(record.token.user, user)) counted.push(record.token);
  }
  return evaluateAll(counting, { ...facts, user_tokens: counted }).unmet;
}
