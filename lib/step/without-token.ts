/** What is known, and decided, where an event has no token for a definition. */

import type { Clause } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { completeFacts, type FactSources, neededBy } from './facts.ts';
import { isOut, type Judgement, judge } from './judge.ts';

export function withoutToken(base: Facts): Facts {
  return { ...base, serial: null, token: null, owner: null, realms: {}, user: base.user ?? null };
}

/** Decides a definition's conditions. @throws whatever is transient in the reads it needs */
export async function judgeWithoutToken(
  { clauses }: CompiledDefinition,
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<Judgement> {
  const decided = clauses.filter(({ name }) => name !== TOKEN_LOCKED);
  if (isOut(decided, withoutToken(base))) return { verdict: 'out' };
  return judge(clauses, await factsWithoutToken(clauses, base, event, sources));
}

/** Whether a user has a locked token can be told without a single token: from all of them. */
const TOKEN_LOCKED = 'token_locked';

/** What is known where the event has no token for a definition with these clauses. */
export async function factsWithoutToken(
  clauses: readonly Clause[],
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<Facts> {
  const facts = await completeFacts(withoutToken(base), neededBy(clauses), event, sources);
  const locked = clauses.some(({ name }) => name === TOKEN_LOCKED) && facts.user;
  return locked ? completeFacts(facts, ['user_tokens'], event, sources) : facts;
}
