/** Manual 8.6.2.1.2, "delete". Leaves a tombstone, so that a redelivery does not fail. */
import * as z from 'zod/mini';
import { defineAction } from '../action.ts';

export const deleteToken = defineAction({
  name: 'delete',
  description: 'Removes the token.',
  positions: ['pre', 'post'],
  options: z.strictObject({}),
  onRevoked: true,
  change: () => [{ kind: 'delete' }],
});
