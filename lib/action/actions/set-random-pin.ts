/**
 * Manual 8.6.2.1.14, "set random pin". The PIN is derived, so that a redelivery announces the same one.
 * Only its salted hash is stored; the PIN itself is in the outcome's `response.detail.pin` alone.
 */
import * as z from 'zod/mini';
import { integerOption } from '../../schema/option.ts';
import { LETTERS_AND_DIGITS } from '../../secret/derive.ts';
import { type ActionTools, defineAction } from '../action.ts';

const DEFAULT_LENGTH = 6;

export const setRandomPin = defineAction({
  name: 'set random pin',
  description: 'Sets a random PIN and adds it to the response as detail.pin.',
  positions: ['pre', 'post'],
  options: z.strictObject({
    length: z.optional(integerOption('The number of letters and digits, 1 to 31; absent: 6.', { min: 1, max: 31 })),
  }),
  async prepare({ length }, tools) {
    const pin = await derivePin(length, tools);
    return { pin, hash: await tools.hashPin(pin) };
  },
  change: (_token, _options, _context, { hash }) => [{ kind: 'assign', path: 'pin', value: hash }],
  respond: ({ pin }) => ({ pin }),
  recall: {
    path: 'pin',
    respond: async ({ length }, tools) => ({ pin: await derivePin(length, tools) }),
  },
});

function derivePin(length: number | undefined, { secrets, stepId }: ActionTools): Promise<string> {
  return secrets.text(stepId, 'pin', LETTERS_AND_DIGITS, length ?? DEFAULT_LENGTH);
}
