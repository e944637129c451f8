/** Manual 8.6.2.1.8, "set validity": sets start, end or both. If either is invalid, nothing is changed. */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import { momentOption } from '../../schema/option.ts';
import { resolveMoment } from '../../text/date.ts';
import { type Effect, infoPath } from '../../token/effect.ts';
import { defineAction } from '../action.ts';

const FORMS = 'a date such as 2016-12-23T15:30+0600 or 23.12.2016 9:30, or an offset such as +30m, +7h or +30d';

export const setValidity = defineAction({
  name: 'set validity',
  description: 'Sets the start, the end or both of the validity period.',
  example: { 'valid till': '+30d' },
  positions: ['pre', 'post'],
  options: z
    .strictObject({
      'valid from': z.optional(momentOption(`The start: ${FORMS}.`)),
      'valid till': z.optional(momentOption(`The end: ${FORMS}.`)),
    })
    .check(
      z.refine((options) => Boolean(options['valid from'] || options['valid till']), {
        error: 'needs "valid from", "valid till" or both',
      }),
    ),
  change(_token, options, context): Effect[] {
    const from = options['valid from'] && resolveMoment(options['valid from'], context);
    const till = options['valid till'] && resolveMoment(options['valid till'], context);
    if (from && till && from.instant > till.instant) {
      throw new TokenwrightError('bad_period', `the start ${from.text} is after the end ${till.text}`);
    }
    return [
      ...(from ? [assign('validity_period_start', from.text)] : []),
      ...(till ? [assign('validity_period_end', till.text)] : []),
    ];
  },
});

function assign(key: string, value: string): Effect {
  return { kind: 'assign', path: infoPath(key), value };
}
