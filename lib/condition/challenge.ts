/**
 * Conditions on the challenge of the event's token and transaction. Without a challenge they hold. With several they do
 * not, because it is unknown which one the event is about.
 */

import type { Challenge } from '../directory/directory.ts';
import { parseInstant } from '../text/date.ts';
import {
  badCondition,
  type Condition,
  decided,
  defineCondition,
  type Facts,
  missing,
  type Verdict,
} from './condition.ts';
import { expression, truth } from './value.ts';

/** Evaluates a condition on the one challenge; it holds without any, and does not hold with several. */
const onChallenge =
  <T>(decide: (wanted: T, challenge: Challenge, facts: Facts) => Verdict) =>
  (wanted: T, facts: Facts): Verdict => {
    const [first, ...others] = facts.challenge ?? [];
    if (!first) return missing();
    return others.length > 0 ? decided(false, { challenges: others.length + 1 }) : decide(wanted, first, facts);
  };

export const challengeConditions: readonly Condition[] = [
  defineCondition({
    name: 'challenge_session',
    group: 'challenge',
    description:
      "The regular expression matches the start of the challenge's session. Holds without a challenge, but not with several.",
    value: expression('start'),
    needs: ['challenge'],
    decide: onChallenge((matches, { session }) => decided(matches(session), session)),
  }),
  defineCondition({
    name: 'challenge_expired',
    group: 'challenge',
    description: 'The challenge has expired. Holds without a challenge, but not with several.',
    value: truth,
    needs: ['challenge'],
    hasOneValue: true,
    decide: onChallenge((wanted, { expires }, { now }) => {
      // privacyIDEA writes it in UTC, without a zone.
      const end = parseInstant(expires, { timezone: 'UTC' });
      if (end === null) throw badCondition(`the challenge's end is not a date: "${expires}"`, expires, 'a date');
      return decided(end <= now === wanted, expires);
    }),
  }),
];
