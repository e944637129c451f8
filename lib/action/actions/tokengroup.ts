/** Manual 8.6.2.1.15 and .16, "add tokengroup" and "remove tokengroup". */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import { textOption } from '../../schema/option.ts';
import { type ActionTools, defineAction } from '../action.ts';

const options = z.strictObject({ tokengroup: textOption('The name of the token group.') });

async function requireTokengroup(
  { tokengroup }: { tokengroup: string },
  { directory }: ActionTools,
): Promise<undefined> {
  if (await directory.hasTokengroup(tokengroup)) return undefined;
  throw new TokenwrightError('unknown_tokengroup', `there is no token group "${tokengroup}"`, { given: tokengroup });
}

export const addTokengroup = defineAction({
  name: 'add tokengroup',
  description: 'Adds the token to a token group.',
  example: { tokengroup: 'g1' },
  positions: ['pre', 'post'],
  options,
  onRevoked: true,
  prepare: requireTokengroup,
  change: (_token, { tokengroup }) => [{ kind: 'include', set: 'tokengroups', member: tokengroup }],
});

export const removeTokengroup = defineAction({
  name: 'remove tokengroup',
  description: 'Removes the token from a token group.',
  example: { tokengroup: 'g1' },
  positions: ['pre', 'post'],
  options,
  onRevoked: true,
  // Does not require the group: a token may have to leave a group that was deleted.
  change: (_token, { tokengroup }) => [{ kind: 'exclude', set: 'tokengroups', member: tokengroup }],
});
