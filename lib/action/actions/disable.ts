/** Manual 8.6.2.1.4, "disable". */
import * as z from 'zod/mini';
import { defineAction } from '../action.ts';

export const disable = defineAction({
  name: 'disable',
  description: 'Disables the token.',
  positions: ['pre', 'post'],
  options: z.strictObject({}),
  change: () => [{ kind: 'assign', path: 'active', value: false }],
});
