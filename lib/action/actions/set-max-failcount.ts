/** Manual 8.6.2.1.13, "set max failcount". */
import * as z from 'zod/mini';
import { integerOption } from '../../schema/option.ts';
import { defineAction } from '../action.ts';

export const setMaxFailcount = defineAction({
  name: 'set max failcount',
  description: 'Sets the failcounter at which the token is blocked.',
  example: { 'max failcount': '20' },
  positions: ['pre', 'post'],
  options: z.strictObject({ 'max failcount': integerOption('The new maximum, at least 0.', { min: 0 }) }),
  change: (_token, options) => [{ kind: 'assign', path: 'maxfail', value: options['max failcount'] }],
});
