/** Fills a definition's options for an event: tags filled, dates resolved, secrets masked. */
import type { ActionContext, AnyAction } from '../action/action.ts';
import { browserNamesFor, fillIn, parseOptions } from '../action/options.ts';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { maskOption } from '../definition/secret-options.ts';
import { type Moment, resolveMoment } from '../text/date.ts';
import type { Template } from '../text/tags.ts';

export async function fillOptions(
  action: AnyAction,
  given: Readonly<Record<string, unknown>>,
  context: ActionContext,
): Promise<Record<string, unknown>> {
  const parsed = parseOptions(action, given);
  const values = parsed.ok ? new Map(Object.entries(parsed.value as object)) : new Map<string, unknown>();
  const present = Object.entries(given).filter(([, value]) => value !== '' && value != null);
  const filled = present.map(async ([name, raw]) => {
    const masked = maskOption(name, raw);
    return [name, masked === raw ? await fill(values.get(name), raw, context) : masked];
  });
  return Object.fromEntries(await Promise.all(filled));
}

async function fill(parsed: unknown, raw: unknown, context: ActionContext): Promise<unknown> {
  try {
    if (isTemplate(parsed)) return fillIn(parsed, context, await browserNamesFor(parsed));
    if (isMoment(parsed)) return resolveMoment(parsed, context).text;
  } catch (error) {
    // An option that cannot be filled makes the step fail, and its outcome shows the error.
    if (!(error instanceof TokenwrightError)) throw error;
  }
  return parsed === undefined || parsed === null || isObject(parsed) ? raw : parsed;
}

function isTemplate(value: unknown): value is Template {
  return isObject(value) && 'parts' in value && 'hasTags' in value;
}

function isMoment(value: unknown): value is Moment {
  return isObject(value) && 'kind' in value && 'offset' in value;
}
