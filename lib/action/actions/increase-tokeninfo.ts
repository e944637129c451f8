/** "increase tokeninfo": a missing value counts as 0; a value that is not a number is not changed. */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import { infoKeyOption, integerOption } from '../../schema/option.ts';
import { readNumber } from '../../token/apply.ts';
import { infoPath } from '../../token/effect.ts';
import { infoValue } from '../../token/token.ts';
import { defineAction } from '../action.ts';

export const increaseTokeninfo = defineAction({
  name: 'increase tokeninfo',
  description: 'Adds to a tokeninfo attribute that holds an integer.',
  example: { key: 'logins' },
  positions: ['pre', 'post'],
  options: z.strictObject({
    key: infoKeyOption(),
    increment: z.optional(integerOption('The number to add; absent: 1. It may be negative.')),
  }),
  change(token, { key, increment = 1 }) {
    if (readNumber(infoValue(token, key)) === null) {
      throw new TokenwrightError('not_a_number', `the tokeninfo "${key}" holds no integer`, { allowed: 'an integer' });
    }
    return [{ kind: 'increment', path: infoPath(key), by: increment }];
  },
});
