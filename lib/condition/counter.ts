/** Conditions on counters: the token's, and those that count events. */

import { parseInteger } from '../text/number.ts';
import type { Token } from '../token/token.ts';
import { badCondition, type Condition, decided, defineCondition, missing } from './condition.ts';
import { onToken } from './token.ts';
import { comparison, integer } from './value.ts';

const ofToken = (name: string, what: string, count: (token: Token) => number) =>
  defineCondition({
    name,
    group: 'counter',
    description: `${what} Holds without a token.`,
    value: integer,
    needs: ['token'],
    hasOneValue: true,
    decide: onToken((compare, token) => {
      const seen = count(token);
      return decided(compare(seen), seen);
    }),
  });

const counter = defineCondition({
  name: 'counter',
  group: 'counter',
  description: 'An event counter satisfies the comparison. A counter that never counted is 0.',
  value: comparison('none'),
  needs: ['counter'],
  decide({ key, compare }, facts) {
    const seen = facts.counter && Object.hasOwn(facts.counter, key) ? facts.counter[key] : undefined;
    return seen === undefined ? missing(compare('0', facts)) : decided(compare(String(seen), facts), seen);
  },
});

export const counterConditions: readonly Condition[] = [
  ofToken('failcounter', 'The failed attempts since the last success.', (token) => token.failcount),
  ofToken('otp_counter', 'The counter of an HOTP token.', (token) => token.count),
  ofToken('count_auth', 'All authentications with the token (tokeninfo count_auth).', (token) =>
    readCount(token, 'count_auth'),
  ),
  ofToken('count_auth_success', 'The successful authentications (tokeninfo count_auth_success).', (token) =>
    readCount(token, 'count_auth_success'),
  ),
  ofToken(
    'count_auth_fail',
    'The failed authentications: count_auth less count_auth_success.',
    (token) => readCount(token, 'count_auth') - readCount(token, 'count_auth_success'),
  ),
  counter,
];

/** Reads a counter of tokeninfo; 0 if there is none. */
function readCount({ info }: Token, key: string): number {
  const text = Object.hasOwn(info, key) ? info[key] : undefined;
  const count = text === undefined ? 0 : parseInteger(text);
  if (count === null) throw badCondition(`tokeninfo ${key} is not an integer: "${text}"`, text, 'an integer');
  return count;
}
