/** Manual 8.6.2.1.10, "set tokeninfo". */
import * as z from 'zod/mini';
import { infoKeyOption, templateOption } from '../../schema/option.ts';
import { infoPath } from '../../token/effect.ts';
import { defineAction } from '../action.ts';
import { browserNamesFor, fillIn } from '../options.ts';

export const setTokeninfo = defineAction({
  name: 'set tokeninfo',
  description: 'Sets a tokeninfo attribute of the token.',
  example: { key: 'seen', value: '{username}' },
  positions: ['pre', 'post'],
  options: z.strictObject({
    key: infoKeyOption(),
    value: z.optional(templateOption('The value, with tags such as {now}-12d, {client_ip} or {username}.')),
  }),
  prepare: ({ value }) => browserNamesFor(value),
  change: (_token, { key, value }, context, browserName) => [
    { kind: 'assign', path: infoPath(key), value: value ? fillIn(value, context, browserName) : '' },
  ],
});
