/** Manual 8.6.2.1.9, "set countwindow". */
import * as z from 'zod/mini';
import { integerOption } from '../../schema/option.ts';
import { defineAction } from '../action.ts';

export const setCountwindow = defineAction({
  name: 'set countwindow',
  description: 'Sets the count window of the token.',
  example: { 'count window': '20' },
  positions: ['pre', 'post'],
  options: z.strictObject({ 'count window': integerOption('The new count window, at least 1.', { min: 1 }) }),
  change: (_token, options) => [{ kind: 'assign', path: 'count_window', value: options['count window'] }],
});
