/** Manual 8.6.2.1.7, "set description". */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import { templateOption } from '../../schema/option.ts';
import { transformWith } from '../../schema/validate.ts';
import { cutDescription, literalText, MAX_DESCRIPTION, type Template } from '../../text/tags.ts';
import { defineAction } from '../action.ts';
import { browserNamesFor, fillIn } from '../fill-in.ts';

const description = z.pipe(
  templateOption('The new description, with tags such as {now}+10m or {client_ip}; at most 80 characters.'),
  transformWith((template: Template) => {
    if (template.hasTags) return template;
    const length = [...literalText(template)].length;
    if (length <= MAX_DESCRIPTION) return template;
    throw new TokenwrightError(
      'bad_option',
      `the description is ${length} characters long, at most ${MAX_DESCRIPTION} are allowed`,
      {
        allowed: `at most ${MAX_DESCRIPTION} characters`,
      },
    );
  }),
);

export const setDescription = defineAction({
  name: 'set description',
  description: 'Sets the description of the token; what a tag makes longer than 80 characters is cut.',
  positions: ['pre', 'post'],
  options: z.strictObject({ description: z.optional(description) }),
  prepare: ({ description }) => browserNamesFor(description),
  change: (_token, { description }, context, browserName) => {
    const text = description ? fillIn(description, context, browserName) : '';
    return [{ kind: 'assign', path: 'description', value: cutDescription(text) }];
  },
});
