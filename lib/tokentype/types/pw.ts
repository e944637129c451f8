/** A password that stays the same. */
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

const LENGTH = 16;

export const pw = defineTokenType({
  name: 'pw',
  prefix: 'PW',
  description: 'A fixed password.',
  tokenkind: 'software',
  parameters: {
    ...passwordParameters,
    'pw.length': lengthParameter(LENGTH),
    'pw.contents': contentsParameter,
  },
  check: checkPassword,
  make(parameters, source) {
    const { 'pw.length': length = LENGTH, 'pw.contents': contents } = parameters;
    return makePassword(parameters, { length, contents }, source);
  },
  announce: (made) => ({ password: passwordOf(made) }),
  verify: (secret, _state, password) => (isPassword(secret, password) ? {} : null),
  challenged: 'by setting',
});
