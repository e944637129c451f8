/**
 * The schemas of option values, with their own error messages. Values come from forms and exports, so integers and
 * booleans may be texts.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { parseMoment } from '../text/date.ts';
import { INTEGER_PATTERN, parseInteger } from '../text/number.ts';
import { literalText, MAX_DESCRIPTION, parseTemplate, type Template } from '../text/tags.ts';
import { FLAGS, flag, textOrNumber } from './scalar.ts';
import { transformWith } from './validate.ts';

/** An integer within bounds; spaces around are fine. */
export function integerOption(description: string, bounds: { readonly min?: number; readonly max?: number } = {}) {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
  const range = {
    ...(bounds.min === undefined ? {} : { minimum: bounds.min }),
    ...(bounds.max === undefined ? {} : { maximum: bounds.max }),
  };
  return z
    .pipe(
      z.union([z.string(), z.number()]),
      transformWith((value: string | number) => toInteger(value, min, max)),
    )
    .check(z.meta({ description, type: ['integer', 'string'], pattern: INTEGER_PATTERN, ...range }));
}

function toInteger(value: string | number, min: number, max: number): number {
  const number = parseInteger(value);
  const allowed = describeRange(min, max);
  if (number === null)
    throw new TokenwrightError('bad_option', `"${value}" is not an integer`, { given: value, allowed });
  if (number < min || number > max)
    throw new TokenwrightError('bad_option', `${number} is out of range: ${allowed}`, { given: value, allowed });
  return number;
}

function describeRange(min: number, max: number): string {
  const low = min === Number.MIN_SAFE_INTEGER ? '' : ` from ${min}`;
  const high = max === Number.MAX_SAFE_INTEGER ? '' : ` up to ${max}`;
  return `an integer${low}${high}`;
}

/** A text without tags. */
export function textOption(description: string) {
  return textOrNumber('bad_option').check(z.describe(description));
}

/** The most bytes of a tokeninfo key: DynamoDB's limit for a name, less the prefix of stamps. */
const MAX_KEY_BYTES = 65_000;

/** A tokeninfo key: any text. */
export function infoKeyOption() {
  return z
    .pipe(
      textOrNumber('bad_option'),
      transformWith((key: string) => {
        if (Buffer.byteLength(key) <= MAX_KEY_BYTES) return key;
        throw new TokenwrightError('bad_option', 'is too long for a tokeninfo key', {
          allowed: `at most ${MAX_KEY_BYTES} bytes`,
        });
      }),
    )
    .check(z.describe('The tokeninfo key.'));
}

/** A text with tags: `{now}`, `{client_ip}`, ... (manual: "set description", "set tokeninfo"). */
export function templateOption(description: string) {
  return z.pipe(textOrNumber('bad_option'), transformWith(parseTemplate)).check(z.describe(description));
}

/** A description, with tags or without. One without tags is refused if it is too long; a longer rendered one is cut. */
export function descriptionOption(description: string) {
  return z.pipe(
    templateOption(
      `${description}, with tags such as {now}+10m or {client_ip}; at most ${MAX_DESCRIPTION} characters.`,
    ),
    transformWith((template: Template) => {
      const length = template.hasTags ? 0 : [...literalText(template)].length;
      if (length <= MAX_DESCRIPTION) return template;
      const allowed = `at most ${MAX_DESCRIPTION} characters`;
      throw new TokenwrightError('bad_option', `the description is ${length} characters long`, { allowed });
    }),
  );
}

/** A date or an offset (manual: "set validity"). */
export function momentOption(description: string) {
  return z.pipe(z.string(), transformWith(parseMoment)).check(z.describe(description));
}

export function flagOption(description: string) {
  return flag('bad_option').check(z.meta({ description, enum: FLAGS }));
}
