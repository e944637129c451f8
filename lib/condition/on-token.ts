/** A test of the token: the one rule that all of them share, in one place. */
import type { Token } from '../token/token.ts';
import type { FactName, Facts, Test, Verdict } from './condition.ts';
import { missing } from './verdict.ts';

/** A test that holds where there is no token, and asks `decide` where there is one. */
export function onToken(decide: (token: Token, facts: Facts) => Verdict, needs: readonly FactName[] = ['token']): Test {
  return { needs, decide: (facts) => (facts.token ? decide(facts.token, facts) : missing()) };
}
