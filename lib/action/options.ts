/** Reads the options of an action: an empty one is an absent one, unknown ones are refused by name. */

import { TokenwrightError } from '../base/error.ts';
import { didYouMean } from '../schema/closest.ts';
import { check, type Parsed } from '../schema/validate.ts';
import type { AnyAction } from './action.ts';

/** Codes: the option's own (`bad_date`, `bad_tag`), else `bad_option`. */
export function parseOptions(action: AnyAction, given: Readonly<Record<string, unknown>>): Parsed<unknown> {
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '' && value != null));
  const names = optionNames(action);
  const unknown = Object.keys(present).filter((key) => !names.includes(key));
  const errors = unknown.map((key) => {
    const message = `"${action.name}" has no option "${key}"${didYouMean(key, names)}`;
    return new TokenwrightError('bad_option', message, { path: key, allowed: names });
  });
  const known = Object.fromEntries(Object.entries(present).filter(([key]) => names.includes(key)));
  const result = check(action.options, known, 'bad_option');
  if (errors.length === 0) return result;
  return { ok: false, errors: result.ok ? errors : [...errors, ...result.errors] };
}

/** The names of an action's options. */
function optionNames(action: AnyAction): readonly string[] {
  const { def } = action.options;
  return 'shape' in def && def.shape ? Object.keys(def.shape) : [];
}
