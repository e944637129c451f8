/** A token without a secret of its own: its PIN alone is the password. */
import { defineTokenType } from '../token-type.ts';

export const spass = defineTokenType({
  name: 'spass',
  prefix: 'PISP',
  description: 'Simple pass: the PIN alone is the password.',
  tokenkind: 'virtual',
  parameters: {},
  make: async () => ({ secret: null, otplen: 6, info: {} }),
  announce: () => ({}),
  verify: (_secret, _state, password) => (password === '' ? {} : null),
  pinOnly: true,
});
