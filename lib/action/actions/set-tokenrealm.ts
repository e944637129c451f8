/** Manual 8.6.2.1.1, "set tokenrealm". An unknown realm is an error (privacyIDEA drops it silently). */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import { flagOption, textOption } from '../../schema/option.ts';
import { defineAction } from '../action.ts';

export const setTokenrealm = defineAction({
  name: 'set tokenrealm',
  description: "Adds a realm to the token's realms, or makes it the only one. The owner's realm always stays.",
  example: { realm: 'realm1' },
  positions: ['pre', 'post'],
  options: z.strictObject({
    realm: textOption('The realm to add.'),
    only_realm: z.optional(flagOption('Whether the token is removed from all other realms.')),
  }),
  async prepare({ realm }, { directory }) {
    const realms = Object.keys(await directory.realms());
    if (realms.includes(realm)) return undefined;
    throw new TokenwrightError('unknown_realm', `there is no realm "${realm}"`, { given: realm, allowed: realms });
  },
  change: (_token, { realm, only_realm }) =>
    only_realm
      ? [{ kind: 'replace', set: 'realms', members: [realm] }]
      : [{ kind: 'include', set: 'realms', member: realm }],
});
