/** A code for one login, typically to enrol something better; the token is gone afterwards. */
import { checkPassword, isPassword, makePassword, passwordOf, passwordParameters } from '../fixed-password.ts';
import { defineTokenType } from '../token-type.ts';

const LENGTH = 24;

export const registration = defineTokenType({
  name: 'registration',
  prefix: 'REG',
  description: 'A code for one login; the token is gone afterwards.',
  tokenkind: 'software',
  parameters: passwordParameters,
  check: checkPassword,
  make: (parameters, source) => makePassword(parameters, LENGTH, source),
  announce: (made) => ({ registrationcode: passwordOf(made) }),
  verify: (secret, _state, password) => (isPassword(secret, password) ? { spent: true } : null),
  challenged: 'by setting',
});
