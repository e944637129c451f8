/** A password that stays the same. */
import { checkPassword, isPassword, makePassword, passwordOf, passwordParameters } from '../fixed-password.ts';
import { defineTokenType } from '../token-type.ts';

const LENGTH = 16;

export const pw = defineTokenType({
  name: 'pw',
  prefix: 'PW',
  description: 'A fixed password.',
  tokenkind: 'software',
  parameters: passwordParameters,
  check: checkPassword,
  make: (parameters, source) => makePassword(parameters, LENGTH, source),
  announce: (made) => ({ password: passwordOf(made) }),
  verify: (secret, _state, password) => (isPassword(secret, password) ? {} : null),
  challenged: 'by setting',
});
