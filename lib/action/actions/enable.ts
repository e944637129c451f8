/** Manual 8.6.2.1.5, "enable". */
import * as z from 'zod/mini';
import { defineAction } from '../action.ts';

export const enable = defineAction({
  name: 'enable',
  description: 'Enables the token.',
  positions: ['pre', 'post'],
  options: z.strictObject({}),
  change: () => [{ kind: 'assign', path: 'active', value: true }],
});
