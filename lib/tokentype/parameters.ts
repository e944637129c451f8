/** The parameters of `/token/init` that every type takes, and the names of all of them. */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { descriptionOption, flagOption, momentOption, textOption } from '../schema/option.ts';
import { transformWith } from '../schema/validate.ts';
import { tokenTypes } from './catalogue.ts';

/** A text of a form. @param allowed the form, in words */
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
    'The serial; made of the prefix where absent.',
    /^[^,\s]{1,256}$/,
    'without spaces and commas, at most 256 characters long',
  ),
  prefix: shaped(
    "What the serial begins with; the type's own where absent.",
    /^[\w-]{1,32}$/,
    'letters, digits, dashes and underscores, at most 32',
  ),
  pin: z.optional(textOption('The PIN; only its salted hash is kept.')),
  description: z.optional(descriptionOption('The description')),
  tokenkind: z.optional(
    z.enum(['software', 'hardware', 'virtual']).check(z.describe("The kind; the type's own where absent.")),
  ),
  rollout_state: z.optional(textOption('The rollout state; enrolled where absent.')),
  validity_period_start: z.optional(momentOption('From when the token may be used.')),
  validity_period_end: z.optional(momentOption('Until when the token may be used.')),
  genkey: z.optional(flagOption('Whether the secret is generated; 1 where absent and no otpkey is given.')),
};

/** Every name that any type understands: another type's are passed over, unknown ones refused. */
export function parameterNames(): readonly string[] {
  const own = tokenTypes.flatMap(({ parameters }) => Object.keys(parameters));
  return [...new Set(['type', ...Object.keys(commonParameters), ...own])];
}
