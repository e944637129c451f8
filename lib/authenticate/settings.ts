/**
 * Reads the settings of the front door: how logins are decided, the texts of challenges and their lifetimes. Names and
 * defaults are those of privacyIDEA's configuration and policies.
 */
import * as z from 'zod/mini';
import { flagOption, integerOption } from '../schema/option.ts';
import { parse } from '../schema/validate.ts';
import { findTokenType, tokenTypes } from '../tokentype/catalogue.ts';

const flag = (description: string, absent: boolean) => z._default(flagOption(description), absent);
const seconds = (description: string, absent: number) =>
  z._default(integerOption(description, { min: 1, max: 86_400 }), absent);
const text = (description: string, absent: string) =>
  z._default(z.string().check(z.maxLength(1000), z.describe(description)), absent);

const typeName = z.string().check(
  z.refine((name) => findTokenType(name) !== undefined, {
    error: `must be a type of token: ${tokenTypes.map(({ name }) => name).join(', ')}`,
  }),
);

export const Settings = z.strictObject({
  default_realm: z.optional(
    z.string().check(z.minLength(1), z.describe('The realm of a user whose request names none.')),
  ),
  challenge_response: z._default(
    z
      .array(z.pipe(z.string().check(z.overwrite((name) => name.toLowerCase())), typeName))
      .check(z.describe('Types whose PIN alone triggers a challenge, in addition to sms and email.')),
    [],
  ),
  otppin: z._default(
    z.enum(['tokenpin', 'none']).check(z.describe('tokenpin: the PIN of the token; none: the PIN has to be empty.')),
    'tokenpin',
  ),
  passOnNoToken: flag('Whether a user without tokens is accepted.', false),
  passOnNoUser: flag('Whether an unknown user is accepted.', false),
  PrependPin: flag('Whether the PIN comes before the one-time password; else after it.', true),
  AutoResync: flag('Whether two consecutive passwords from beyond the window are accepted.', false),
  splitAtSign: flag('Whether user@realm is split, if the realm exists.', true),
  IncFailCountOnFalsePin: flag('Whether a wrong PIN raises the failcounters.', true),
  failcounter_clear_timeout: z._default(
    integerOption('Minutes after which a full failcounter is cleared; 0: never.', { min: 0, max: 525_600 }),
    0,
  ),
  no_auth_counter: flag('Whether count_auth and count_auth_success are not counted.', false),
  reset_all_user_tokens: flag("Whether a success resets the failcounters of all the user's tokens.", false),
  increase_failcounter_on_challenge: flag('Whether a challenge raises the failcounter.', false),
  HotpChallengeValidityTime: z.optional(
    integerOption('How long a challenge of a hotp token lives, in seconds.', { min: 1, max: 86_400 }),
  ),
  DefaultChallengeValidityTime: seconds('How long any other challenge lives.', 120),
  'email.validtime': seconds('How long a challenge by e-mail lives.', 120),
  'sms.validtime': seconds('How long a challenge by text message lives.', 300),
  challenge_text: text('The text of a challenge.', 'please enter otp: '),
  sms_challenge_text: text('The text of a challenge by text message.', 'Enter the OTP from the SMS:'),
  email_challenge_text: text('The text of a challenge by e-mail.', 'Enter the OTP from the Email'),
  indexedsecret_challenge_text: text(
    'The text of a challenge of an indexed secret; {positions} stands for the positions.',
    'Please enter the characters at the positions {positions} of your secret.',
  ),
  smstext: text('The text message; <otp> stands for the password, <serial> for the token.', '<otp>'),
  emailtext: text('The e-mail; <otp> stands for the password, <serial> for the token.', '<otp>'),
  emailsubject: text('The subject of the e-mail.', 'Your OTP'),
  limits: z.optional(
    z
      .strictObject({
        user: z._default(integerOption('Failures of one user; 0: any number.', { min: 0, max: 100_000 }), 100),
        address: z._default(
          integerOption('Failures from one address; 0: any number. A RADIUS server is one address.', {
            min: 0,
            max: 1_000_000,
          }),
          1000,
        ),
        window: z._default(integerOption('The seconds of a window.', { min: 1, max: 86_400 }), 300),
      })
      .check(z.describe('How many failed attempts a window allows before a call is answered with 429.')),
  ),
  hide_reason: flag('Whether a refusal hides if user, PIN or token was wrong.', false),
});
export type Settings = z.output<typeof Settings>;

/** Reads a settings document. @throws Refusal `bad_settings` with every fault */
export function readSettings(document: unknown): Settings {
  return parse(Settings, document ?? {}, 'bad_settings');
}

/** Returns how long a challenge for a token of a type lives, in milliseconds. */
export function challengeLife(type: string, settings: Settings): number {
  const known: Readonly<Record<string, number | undefined>> = {
    sms: settings['sms.validtime'],
    email: settings['email.validtime'],
    hotp: settings.HotpChallengeValidityTime,
  };
  return 1000 * (known[type] ?? settings.DefaultChallengeValidityTime);
}
