/** "delete tokeninfo": succeeds without a change if the key is absent. */
import * as z from 'zod/mini';
import { infoKeyOption } from '../../schema/option.ts';
import { infoPath } from '../../token/effect.ts';
import { defineAction } from '../action.ts';

export const deleteTokeninfo = defineAction({
  name: 'delete tokeninfo',
  description: 'Deletes a tokeninfo attribute of the token.',
  example: { key: 'logins' },
  positions: ['pre', 'post'],
  options: z.strictObject({ key: infoKeyOption() }),
  onRevoked: true,
  change: (_token, { key }) => [{ kind: 'assign', path: infoPath(key), value: null }],
});
