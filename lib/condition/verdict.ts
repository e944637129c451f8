/** The two kinds of verdicts: decided on a fact, or on the manual's rule because the fact is missing. */
import type { Verdict } from './condition.ts';

/** Decided on `saw`. */
export function decided(holds: boolean, saw: unknown): Verdict {
  return { holds, saw, known: true };
}

/** There was nothing to look at; the manual's rule (most conditions hold then) answers instead. */
export function missing(holds = true): Verdict {
  return { holds, saw: null, known: false };
}
