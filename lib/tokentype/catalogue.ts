/** The list of all token types, for enrolment, verification and the reference pages. */
import type { AnyTokenType } from './token-type.ts';
import { applspec } from './types/applspec.ts';
import { daypassword } from './types/daypassword.ts';
import { email } from './types/email.ts';
import { hotp } from './types/hotp.ts';
import { indexedsecret } from './types/indexedsecret.ts';
import { motp } from './types/motp.ts';
import { paper } from './types/paper.ts';
import { pw } from './types/pw.ts';
import { registration } from './types/registration.ts';
import { sms } from './types/sms.ts';
import { spass } from './types/spass.ts';
import { tan } from './types/tan.ts';
import { totp } from './types/totp.ts';

export const tokenTypes: readonly AnyTokenType[] = [
  hotp,
  totp,
  sms,
  email,
  motp,
  spass,
  pw,
  registration,
  paper,
  tan,
  daypassword,
  indexedsecret,
  applspec,
];

/** Finds a type by its name, without regard to case. */
export function findTokenType(name: string): AnyTokenType | undefined {
  return tokenTypes.find((type) => type.name === name.trim().toLowerCase());
}
