/** Manual 8.6.2.1.12, "change failcounter": the counter may become negative, as the manual's note on "> -5" requires. */
import * as z from 'zod/mini';
import { integerOption } from '../../schema/option.ts';
import { defineAction } from '../action.ts';

export const changeFailcounter = defineAction({
  name: 'change failcounter',
  description: 'Increases or decreases the failcounter of the token.',
  example: { 'change fail counter': '+1' },
  positions: ['pre', 'post'],
  options: z.strictObject({ 'change fail counter': integerOption('The number to add: +n, -n or n.') }),
  change: (_token, options) => [{ kind: 'increment', path: 'failcount', by: options['change fail counter'] }],
});
