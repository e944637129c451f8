/** Conditions on the token's dates. They live in tokeninfo as text, and text may be no date at all. */
import { parseInstant } from '../text/date.ts';
import type { Condition } from './condition.ts';
import { DURATION_SYNTAX, parseDuration } from './duration.ts';
import { onToken } from './on-token.ts';
import { badCondition } from './refuse.ts';
import { parseTruth, TRUTH_WORDS } from './truth.ts';
import { decided, missing } from './verdict.ts';

const tokenValidityPeriod: Condition = {
  name: 'token_validity_period',
  group: 'token',
  description: 'It is between the start and the end of the validity period, both included; one not set sets no limit.',
  syntax: 'True or False',
  allowed: TRUTH_WORDS,
  needs: ['token'],
  parse(value) {
    const wanted = parseTruth(value);
    return onToken(({ info }, { now, timezone }) => {
      const { validity_period_start: start, validity_period_end: end } = info;
      const isInside =
        (!start || readDate(start, 'validity_period_start', timezone) <= now) &&
        (!end || now <= readDate(end, 'validity_period_end', timezone));
      return decided(isInside === wanted, { validity_period_start: start ?? null, validity_period_end: end ?? null });
    });
  },
};

const lastAuth: Condition = {
  name: 'last_auth',
  group: 'token',
  description: 'The last successful authentication is longer ago. Does not hold for a token never used.',
  syntax: DURATION_SYNTAX,
  needs: ['token'],
  parse(value) {
    const span = parseDuration(value);
    return onToken(({ info }, { now }) => {
      const { last_auth: seen } = info;
      // Stamps of authentications without a zone are in UTC, whatever zone the stack has.
      return seen ? decided(readDate(seen, 'last_auth', 'UTC') + span < now, seen) : missing(false);
    });
  },
};

export const tokenTimeConditions: readonly Condition[] = [tokenValidityPeriod, lastAuth];

function readDate(text: string, key: string, timezone: string): number {
  const instant = parseInstant(text, { timezone });
  if (instant === null)
    throw badCondition(`tokeninfo ${key} is not a date: "${text}"`, text, 'a date as in 2026-03-15T10:20+0000');
  return instant;
}
