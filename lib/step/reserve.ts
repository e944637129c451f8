/**
 * Where a condition counts the user's tokens, a step that makes one takes the user's reservation first, and counts with
 * nobody else of that user at work: see `reservation-store.ts`. A step that makes none after all gives it back.
 */

import { type Clause, countsTokens } from '../condition/clause.ts';
import { isSameUser, type UserIdentity } from '../directory/user.ts';
import type { Reason } from '../event/outcome.ts';
import { hasStep } from '../token/ledger.ts';
import { isLive } from '../token/record.ts';
import { evaluateAll } from './evaluate.ts';
import type { Reservation } from './reservation-store.ts';
import type { CreationTools } from './step.ts';

/** How often a step waits for another one of the same user within one invocation. */
const WAITS = 5;

/**
 * Counts the user's tokens once more, where a condition counts them, with nobody else of that user at work.
 *
 * @returns the condition that does not hold any more
 * @throws Error where another step holds the reservation and its token is not there yet: the delivery is repeated
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
    // What was made before ours stays known until the minute is over.
    if (unmet && made.length === 0) await deps.reservations.release(user, wanted.step);
    return unmet;
  };
  let holder = await deps.reservations.take(user, wanted);
  for (let wait = 1; holder !== null && wait <= WAITS; wait += 1) {
    // Ours from an earlier delivery: what was made before it is known there.
    if (holder.step === wanted.step) return recount(holder.made);
    if (await hasMade(holder, deps)) {
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
  if (holder) throw new Error('another step makes a token for the same user just now');
  return recount([]);
}

async function hasMade({ step, serial }: Reservation, { tokens }: Pick<CreationTools, 'tokens'>): Promise<boolean> {
  const record = await tokens.read(serial);
  return record !== undefined && hasStep(record.ledger, step);
}

/** With what was made a moment ago: the index of a user's tokens may not show it yet. */
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
