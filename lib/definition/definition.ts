/**
 * The shape of an event handler definition, as privacyIDEA exports it: at these events, if these conditions hold, run
 * this action with these options. `check.ts` checks the contents.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { flag, showValue } from '../schema/scalar.ts';
import { transformWith } from '../schema/validate.ts';
import { parseInteger } from '../text/number.ts';
import { TARGETS } from './target.ts';

const Flag = flag('bad_definition');

const EventNames = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  transformWith((value: string | string[]) => {
    const names = (typeof value === 'string' ? value.split(',') : value).map((name) => name.trim()).filter(Boolean);
    const bad = names.find((name) => !/^[a-z0-9_]{1,128}$/.test(name));
    if (names.length > 0 && bad === undefined) return [...new Set(names)];
    throw new TokenwrightError('bad_definition', bad === undefined ? 'names no event' : `"${bad}" is no event name`, {
      given: value,
      allowed: 'names of the letters a-z, digits and underscores, such as token_init or validate_check',
    });
  }),
);

const integer = z.pipe(
  z.union([z.number(), z.string()]),
  transformWith((value: number | string) => {
    const number = parseInteger(value);
    if (number !== null) return number;
    throw new TokenwrightError('bad_definition', `must be an integer, not ${showValue(value)}`, {
      given: value,
      allowed: 'an integer',
    });
  }),
);

const Conditions = z.record(z.string(), z.unknown());

/** Makes a field with a default: `null` counts as absent. */
const withDefault = <S extends z.ZodMiniType>(schema: S, value: unknown) =>
  z.pipe(
    z.transform((input: unknown): unknown => input ?? value),
    schema as z.ZodMiniType<z.output<S>, unknown>,
  );

export const Definition = z.object({
  id: integer.check(z.gte(1)),
  name: withDefault(z.string(), ''),
  active: withDefault(Flag, true),
  ordering: withDefault(integer, 0),
  position: withDefault(z.enum(['pre', 'post']), 'post'),
  event: EventNames,
  handlermodule: withDefault(z.literal('Token'), 'Token'),
  action: z.string(),
  options: withDefault(z.record(z.string(), z.unknown()), {}),
  conditions: withDefault(z.union([Conditions, z.array(Conditions)]), {}),
  unless: withDefault(Conditions, {}),
  when_missing: withDefault(z.enum(['hold', 'fail']), 'hold'),
  abort_on_error: withDefault(Flag, false),
  target: withDefault(z.enum(TARGETS), 'current'),
  /** Required for targets that are all tokens of a state; has no effect elsewhere. */
  confirm: withDefault(Flag, false),
});
export type Definition = z.output<typeof Definition>;
