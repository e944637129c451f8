/** Conditions on counters: the token's, and those that count events. */

import { parseInteger } from '../text/integer.ts';
import type { Token } from '../token/token.ts';
import { COMPARISON_SYNTAX, parseComparison } from './comparison.ts';
import type { Condition } from './condition.ts';
import { INTEGER_SYNTAX, parseIntegerComparison } from './integer-comparison.ts';
import { onToken } from './on-token.ts';
import { badCondition } from './refuse.ts';
import { decided, missing } from './verdict.ts';

const ofToken = (name: string, what: string, count: (token: Token) => number): Condition => ({
  name,
  group: 'counter',
  description: `${what} Holds without a token.`,
  syntax: INTEGER_SYNTAX,
  needs: ['token'],
  parse(value) {
    const compare = parseIntegerComparison(value);
    return onToken((token) => {
      const seen = count(token);
      return decided(compare(seen), seen);
    });
  },
});

const counter: Condition = {
  name: 'counter',
  group: 'counter',
  description: 'An event counter compares so; one that has never counted is 0.',
  syntax: COMPARISON_SYNTAX,
  needs: ['counter'],
  parse(value) {
    const { key, compare } = parseComparison(value, 'none');
    return {
      needs: ['counter'],
      decide(facts) {
        const seen = facts.counter && Object.hasOwn(facts.counter, key) ? facts.counter[key] : undefined;
        return seen === undefined ? missing(compare('0', facts)) : decided(compare(String(seen), facts), seen);
      },
    };
  },
};

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

/** Never counted is 0. */
function readCount({ info }: Token, key: string): number {
  const text = Object.hasOwn(info, key) ? info[key] : undefined;
  const count = text === undefined ? 0 : parseInteger(text);
  if (count === null) throw badCondition(`tokeninfo ${key} is not an integer: "${text}"`, text, 'an integer');
  return count;
}
