/** Deciding a parsed condition: when it can be, and what becomes of one that cannot be evaluated. */
import { TokenwrightError } from '../base/error.ts';
import type { Facts, Test, Verdict } from './condition.ts';

/** Whether every fact that the test needs is there, be it `null`. */
export function allKnown(test: Test, facts: Facts): boolean {
  return test.needs.every((name) => facts[name] !== undefined);
}

/** Decides. A condition that cannot be evaluated on these facts does not hold, and `saw` says why. */
export function decide(test: Test, facts: Facts): Verdict {
  try {
    return test.decide(facts);
  } catch (error) {
    if (!(error instanceof TokenwrightError)) throw error;
    return { holds: false, saw: { error: error.message }, known: true, failed: true };
  }
}
