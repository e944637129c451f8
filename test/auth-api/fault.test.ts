import { expect, it } from 'vitest';
import {
  missingParameter,
  noSuchUser,
  tokenFault,
  tokenLocked,
  tooManyAttempts,
  unknownToken,
  unknownTokens,
} from '../../lib/auth-api/fault.ts';
import { requiredText } from '../../lib/auth-api/parameter-values.ts';

it.each([
  [missingParameter("'serial' or 'serials'"), 400, 905, "ERR905: Missing parameter: 'serial' or 'serials'"],
  [noSuchUser(), 400, 904, 'ERR904: The user can not be found in any resolver in this realm!'],
  [tokenFault(1103, 'Token already assigned'), 400, 1103, 'ERR1103: Token already assigned'],
  [tokenLocked(), 400, 1007, 'ERR1007: This action is not possible, since the token is locked'],
  [unknownToken(), 404, 601, 'The requested token could not be found.'],
  [unknownTokens(['A', 'B']), 404, 601, 'No token found for serials: A, B'],
])('%s', (fault, status, code, message) => {
  expect(fault).toMatchObject({ status, code, message });
});

it('says when it may be tried again', () => {
  expect(tooManyAttempts(42)).toMatchObject({ status: 429, headers: { 'retry-after': '42' } });
});

it('names the parameter that is missing, or empty', () => {
  expect(requiredText({ otp1: '123456' }, 'otp1')).toBe('123456');
  expect(() => requiredText({ otp2: '' }, 'otp2')).toThrow("ERR905: Missing parameter: 'otp2'");
});
