/** The parameters of privacyIDEA's `/token/init` that every type takes, and the names of all parameters. */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { descriptionOption, flagOption, momentOption, textOption } from '../schema/option.ts';
import { transformWith } from '../schema/validate.ts';
import { tokenTypes } from './catalogue.ts';

/** Makes an optional text of a certain form. @param allowed the form, in words */
const shaped = (description: string, form: RegExp, allowed: string) =>
  z.optional(
    z.pipe(
      textOption(description),
      transformWith((text: string) => {
        if (form.test(text)) return text;
        throw new TokenwrightError('bad_option', `must be ${allowed}`, { given: text, allowed });
      }),
    ),
  );

export const commonParameters = {
  serial: shaped(
    'The serial; by default it is made from the prefix.',
    /^[^,\s]{1,256}$/,
    'without spaces and commas, at most 256 characters long',
  ),
  prefix: shaped(
    'The beginning of the serial; by default that of the type.',
    /^[\w-]{1,32}$/,
    'letters, digits, dashes and underscores, at most 32',
  ),
  pin: z.optional(textOption('The PIN; only its salted hash is kept.')),
  description: z.optional(descriptionOption('The description')),
  tokenkind: z.optional(
    z.enum(['software', 'hardware', 'virtual']).check(z.describe('The kind; by default that of the type.')),
  ),
  rollout_state: z.optional(textOption('The rollout state; enrolled by default.')),
  validity_period_start: z.optional(momentOption('From when the token may be used.')),
  validity_period_end: z.optional(momentOption('Until when the token may be used.')),
  genkey: z.optional(flagOption('Whether the secret is generated; by default 1 if there is no otpkey.')),
};

/** Returns the parameter names of all types. Those of another type are ignored, unknown ones refused. */
export function parameterNames(): readonly string[] {
  const own = tokenTypes.flatMap(({ parameters }) => Object.keys(parameters));
  return [...new Set(['type', ...Object.keys(commonParameters), ...own])];
}
