/** Manual 8.6.2.1.7, "set description". */
import * as z from 'zod/mini';
import { descriptionOption } from '../../schema/option.ts';
import { cutDescription } from '../../text/tags.ts';
import { defineAction } from '../action.ts';
import { browserNamesFor, fillIn } from '../options.ts';

export const setDescription = defineAction({
  name: 'set description',
  description: 'Sets the description of the token; if tags make it longer than 80 characters, it is cut.',
  example: { description: 'on {now}' },
  positions: ['pre', 'post'],
  options: z.strictObject({ description: z.optional(descriptionOption('The new description')) }),
  prepare: ({ description }) => browserNamesFor(description),
  change: (_token, { description }, context, browserName) => {
    const text = description ? fillIn(description, context, browserName) : '';
    return [{ kind: 'assign', path: 'description', value: cutDescription(text) }];
  },
});
