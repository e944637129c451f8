/** Conditions on the token's dates, which tokeninfo holds as texts. A text that is not a date is an error. */
import { storedDate, zoneOfKey } from '../text/date.ts';
import { readStored } from '../text/stored-value.ts';
import { type Condition, decided, defineCondition, evaluable, missing } from './condition.ts';
import { onToken } from './token.ts';
import { duration, truth } from './value.ts';

const tokenValidityPeriod = defineCondition({
  name: 'token_validity_period',
  group: 'token',
  description: 'The event is within the validity period, start and end included. An end that is not set is no limit.',
  value: truth,
  needs: ['token'],
  hasOneValue: true,
  decide: onToken((wanted, { info }, { now, timezone }) => {
    const { validity_period_start = null, validity_period_end = null } = info;
    const start = readDate(info, 'validity_period_start', timezone) ?? now;
    const end = readDate(info, 'validity_period_end', timezone) ?? now;
    return decided((start <= now && now <= end) === wanted, { validity_period_start, validity_period_end });
  }),
});

const lastAuth = defineCondition({
  name: 'last_auth',
  group: 'token',
  description:
    'The last successful authentication is longer ago than the duration. Does not hold for a token that was never used.',
  value: duration,
  needs: ['token'],
  decide: onToken((span, { info }, { now, timezone }) => {
    const seen = readDate(info, 'last_auth', timezone);
    return seen === undefined ? missing(false) : decided(seen + span < now, info.last_auth);
  }),
});

export const tokenTimeConditions: readonly Condition[] = [tokenValidityPeriod, lastAuth];

/** @throws TokenwrightError `bad_condition` if it exists and is not a date */
function readDate(info: Readonly<Record<string, string>>, key: string, timezone: string): number | undefined {
  return evaluable(() => readStored(info, key, storedDate(zoneOfKey(key, timezone))));
}
