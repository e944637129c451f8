/**
 * Conditions on the one challenge of the event's token and transaction. None: they hold. Several: which
 * one is meant cannot be told, and they do not.
 */

import type { Challenge } from '../directory/directory.ts';
import { parseInstant } from '../text/date.ts';
import type { Condition, Facts, Test, Verdict } from './condition.ts';
import { badCondition } from './refuse.ts';
import { compileRegularExpression, EXPRESSION_SYNTAX } from './regular-expression.ts';
import { parseTruth, TRUTH_WORDS } from './truth.ts';
import { decided, missing } from './verdict.ts';

const challengeSession: Condition = {
  name: 'challenge_session',
  group: 'challenge',
  description: "The challenge's session matches from its start on. Holds without a challenge, not with several.",
  syntax: EXPRESSION_SYNTAX,
  needs: ['challenge'],
  parse(value) {
    const matches = compileRegularExpression(value, 'start');
    return onChallenge(({ session }) => decided(matches(session), session));
  },
};

const challengeExpired: Condition = {
  name: 'challenge_expired',
  group: 'challenge',
  description: 'The challenge has expired. Holds without a challenge, not with several.',
  syntax: 'True or False',
  allowed: TRUTH_WORDS,
  needs: ['challenge'],
  parse(value) {
    const wanted = parseTruth(value);
    return onChallenge(({ expires }, { now }) => {
      // A stamp of privacyIDEA: without a zone it is in UTC.
      const end = parseInstant(expires, { timezone: 'UTC' });
      if (end === null) throw badCondition(`the challenge's end is not a date: "${expires}"`, expires, 'a date');
      return decided(end <= now === wanted, expires);
    });
  },
};

export const challengeConditions: readonly Condition[] = [challengeSession, challengeExpired];

function onChallenge(decide: (challenge: Challenge, facts: Facts) => Verdict): Test {
  return {
    needs: ['challenge'],
    decide(facts) {
      const [first, ...others] = facts.challenge ?? [];
      if (!first) return missing();
      return others.length > 0 ? decided(false, { challenges: others.length + 1 }) : decide(first, facts);
    },
  };
}
