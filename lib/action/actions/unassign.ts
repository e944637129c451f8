/** Manual 8.6.2.1.3, "unassign": removes owner and PIN, and resets the failcounter; the realms stay. */
import * as z from 'zod/mini';
import type { Effect } from '../../token/effect.ts';
import { FAILCOUNTER_EXCEEDED } from '../../token/effect.ts';
import { defineAction } from '../action.ts';

export const unassign = defineAction({
  name: 'unassign',
  description: 'Removes the owner of the token, clears its PIN and resets its failcounter; its realms stay.',
  positions: ['pre', 'post'],
  options: z.strictObject({}),
  change: (token): Effect[] => [
    { kind: 'assign', path: 'user', value: null },
    { kind: 'assign', path: 'pin', value: null },
    { kind: 'assign', path: 'failcount', value: 0 },
    { kind: 'assign', path: FAILCOUNTER_EXCEEDED, value: null },
    ...(token.user ? [{ kind: 'include', set: 'realms', member: token.user.realm } as const] : []),
  ],
});
