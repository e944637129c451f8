/** Manual 8.6.2.1.11, "set failcounter". The value `max`, which blocks the token, is an addition to privacyIDEA. */
import * as z from 'zod/mini';
import { integerOption } from '../../schema/option.ts';
import { type Effect, FAILCOUNTER_EXCEEDED } from '../../token/effect.ts';
import { defineAction } from '../action.ts';

const description = 'The new failcounter; 0 resets it, "max" sets it to the token\'s maximum and blocks the token.';

export const setFailcounter = defineAction({
  name: 'set failcounter',
  description: 'Sets the failcounter of the token.',
  example: { 'fail counter': '0' },
  positions: ['pre', 'post'],
  options: z.strictObject({
    'fail counter': z.union([z.literal('max'), integerOption(description)]).check(z.describe(description)),
  }),
  change(token, options): Effect[] {
    const value = options['fail counter'] === 'max' ? token.maxfail : options['fail counter'];
    const assign: Effect = { kind: 'assign', path: 'failcount', value };
    return value === 0 ? [assign, { kind: 'assign', path: FAILCOUNTER_EXCEEDED, value: null }] : [assign];
  },
});
