/** A code for one login, typically to enrol another token. The token is deleted after it. */
import {
  checkPassword,
  contentsParameter,
  isPassword,
  lengthParameter,
  makePassword,
  passwordOf,
  passwordParameters,
} from '../fixed-password.ts';
import { defineTokenType } from '../token-type.ts';

const LENGTH = 24;

export const registration = defineTokenType({
  name: 'registration',
  prefix: 'REG',
  description: 'A code for one login; the token is deleted afterwards.',
  tokenkind: 'software',
  parameters: {
    ...passwordParameters,
    'registration.length': lengthParameter(LENGTH),
    'registration.contents': contentsParameter,
  },
  check: checkPassword,
  make(parameters, source) {
    const { 'registration.length': length = LENGTH, 'registration.contents': contents } = parameters;
    return makePassword(parameters, { length, contents }, source);
  },
  announce: (made) => ({ registrationcode: passwordOf(made) }),
  verify: (secret, _state, password) => (isPassword(secret, password) ? { spent: true } : null),
  challenged: 'by setting',
});
