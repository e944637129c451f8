/** The options of a definition as they are at an event: tags filled, dates resolved, secrets masked. */
import type { ActionContext, AnyAction } from '../action/action.ts';
import { browserNamesFor, fillIn, parseOptions } from '../action/options.ts';
import { TokenwrightError } from '../base/error.ts';
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
    // What cannot be filled at this event makes the step fail, which says so.
    if (!(error instanceof TokenwrightError)) throw error;
  }
  return parsed === undefined || typeof parsed === 'object' ? raw : parsed;
}

function isTemplate(value: unknown): value is Template {
  return typeof value === 'object' && value !== null && 'parts' in value && 'hasTags' in value;
}

function isMoment(value: unknown): value is Moment {
  return typeof value === 'object' && value !== null && 'kind' in value && 'offset' in value;
}
