/** Manual 8.6.2.1.10, "set tokeninfo". */
import * as z from 'zod/mini';
import { renderTemplate } from '../../text/tags.ts';
import { infoPath } from '../../token/effect.ts';
import { defineAction } from '../action.ts';
import { infoKeyOption, templateOption } from '../option.ts';
import { tagValues } from '../tag-values.ts';

export const setTokeninfo = defineAction({
  name: 'set tokeninfo',
  description: 'Sets a tokeninfo attribute of the token.',
  positions: ['pre', 'post'],
  options: z.strictObject({
    key: infoKeyOption(),
    value: z.optional(templateOption('The value, with tags such as {now}-12d, {client_ip} or {username}.')),
  }),
  change: (_token, { key, value }, context) => [
    { kind: 'assign', path: infoPath(key), value: value ? renderTemplate(value, tagValues(context)) : '' },
  ],
});
