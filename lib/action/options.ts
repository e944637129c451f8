/** Reads the options of an action when a definition is saved or a step begins, and fills their tags in a step. */

import { TokenwrightError } from '../base/error.ts';
import { didYouMean } from '../schema/closest.ts';
import { check, type Parsed } from '../schema/validate.ts';
import type { BrowserName } from '../text/tag.ts';
import { renderTemplate, type Template, usesTag } from '../text/tags.ts';
import type { ActionContext, AnyAction } from './action.ts';

/**
 * Parses options. An empty option counts as absent; an unknown one is refused by name.
 *
 * @returns all faults at once, each with the option's own code (`bad_date`, `bad_tag`), else `bad_option`
 */
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

function optionNames(action: AnyAction): readonly string[] {
  const { def } = action.options;
  return 'shape' in def && def.shape ? Object.keys(def.shape) : [];
}

/** Loads the parser of User-Agents if the text asks for it: 35 KB that other cold starts do not load. */
export async function browserNamesFor(template: Template | undefined): Promise<BrowserName> {
  if (!template || !usesTag(template, 'ua_browser')) return () => null;
  return (await import('../text/user-agent.ts')).browserName;
}

/** Fills the tags of a text. @throws TokenwrightError `bad_tag` if a time is not within the years 1 to 9999 */
export function fillIn(template: Template, { user, ...context }: ActionContext, browserName: BrowserName): string {
  return renderTemplate(template, { ...context, username: user?.login, realm: user?.realm, browserName });
}
