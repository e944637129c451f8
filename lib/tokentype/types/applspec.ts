/** A password for one service, such as a mail client's, and for no other. */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import { textOption } from '../../schema/option.ts';
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

export const applspec = defineTokenType({
  name: 'applspec',
  prefix: 'ASPW',
  description: 'A password for one service, and for no other.',
  tokenkind: 'software',
  parameters: {
    ...passwordParameters,
    'applspec.length': lengthParameter(LENGTH),
    'applspec.contents': contentsParameter,
    service_id: z.optional(textOption('The service; kept in tokeninfo, and checked by the authentication system.')),
  },
  check(parameters) {
    if (!parameters.service_id) {
      const message = 'an applspec token needs the service that it is for';
      throw new TokenwrightError('bad_option', message, { path: 'service_id', allowed: 'the name of a service' });
    }
    checkPassword(parameters);
  },
  make(parameters, source) {
    const { 'applspec.length': length = LENGTH, 'applspec.contents': contents, service_id = '' } = parameters;
    return makePassword(parameters, { length, contents }, source, { service_id });
  },
  announce: (made) => ({ password: passwordOf(made) }),
  verify: (secret, _state, password) => (isPassword(secret, password) ? {} : null),
  challenged: 'by setting',
});
