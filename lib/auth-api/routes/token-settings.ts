/** `/token/set`, `/token/description`, `/token/setpin`: sets fields of tokens. */
import { TokenwrightError } from '../../base/error.ts';
import { parseMoment, resolveMoment } from '../../text/date.ts';
import { MAX_DESCRIPTION } from '../../text/tags.ts';
import { type Effect, infoPath } from '../../token/effect.ts';
import { apply, changeToken, stampOf } from '../change-token.ts';
import { badParameter, unreadablePeriod } from '../fault.ts';
import { eventFieldsOf, readNamedTokens } from '../named-tokens.ts';
import { numberOf, textOf } from '../parameter-values.ts';
import type { RequestParameters } from '../parameters.ts';
import type { RouteHandler } from '../serve.ts';
import type { TokenChangeTools } from './token-changes.ts';

export interface TokenSettingTools extends TokenChangeTools {
  readonly timezone: string;
}

export const setTokens = setting(async (parameters, now, { timezone }) => settings(parameters, now, timezone));

export const describeTokens = setting(async (parameters) => description(parameters));

export const setPin = setting(async (parameters, _now, { hashPin }) => {
  const pin = textOf(parameters, 'otppin');
  if (pin === undefined) return [];
  return [{ kind: 'assign', path: 'pin', value: pin === '' ? null : await hashPin(pin) }];
});

type ReadEffects = (parameters: RequestParameters, now: number, tools: TokenSettingTools) => Promise<readonly Effect[]>;

/** Makes the handler of a route that sets what its parameters say; the answer counts what was set, on each token. */
function setting(read: ReadEffects): RouteHandler<TokenSettingTools> {
  return async ({ parameters, id, now }, tools) => {
    const { records } = await readNamedTokens(parameters, tools);
    const stamp = stampOf(id, now);
    return {
      ...eventFieldsOf(records),
      async perform() {
        const effects = await read(parameters, now, tools);
        for (const record of records) {
          await changeToken(record, (present) => (effects.length === 0 ? null : apply(present, effects, stamp)), tools);
        }
        return { value: effects.length * records.length };
      },
    };
  };
}

/** The parameters that are numbers, each with the attribute of the token. */
const NUMBERS = { count_window: 'count_window', sync_window: 'sync_window', max_failcount: 'maxfail' } as const;
const COUNTS: readonly string[] = ['count_auth_max', 'count_auth_success_max'];
const HASHES: readonly string[] = ['sha1', 'sha256', 'sha512'];

/** Lists the effects of `/token/set`. @param now in milliseconds since 1970 */
function settings(parameters: RequestParameters, now: number, timezone: string): readonly Effect[] {
  const info = (name: string, value: string): Effect => ({ kind: 'assign', path: infoPath(name), value });
  return [
    ...description(parameters),
    ...Object.entries(NUMBERS).flatMap(([name, path]): Effect[] => {
      const value = numberOf(parameters, name, 1);
      return value === undefined ? [] : [{ kind: 'assign', path, value }];
    }),
    ...COUNTS.flatMap((name) => {
      const value = numberOf(parameters, name, 0);
      return value === undefined ? [] : [info(name, String(value))];
    }),
    ...hashlib(parameters).map((value) => info('hashlib', value)),
    ...['validity_period_start', 'validity_period_end'].flatMap((name) => {
      const value = momentOf(parameters, name, now, timezone);
      return value === undefined ? [] : [info(name, value)];
    }),
  ];
}

function description(parameters: RequestParameters): readonly Effect[] {
  const value = textOf(parameters, 'description');
  if (value === undefined) return [];
  if ([...value].length > MAX_DESCRIPTION) {
    throw badParameter(`Parameter 'description' must be at most ${MAX_DESCRIPTION} characters long.`);
  }
  return [{ kind: 'assign', path: 'description', value }];
}

function hashlib(parameters: RequestParameters): readonly string[] {
  const value = textOf(parameters, 'hashlib');
  if (!value) return [];
  if (HASHES.includes(value)) return [value];
  throw badParameter(`Parameter 'hashlib' must be one of ${HASHES.join(', ')}.`);
}

/** Reads a date, or an offset from now, as the text that tokeninfo stores. */
function momentOf(parameters: RequestParameters, name: string, now: number, timezone: string): string | undefined {
  const text = textOf(parameters, name);
  if (!text) return undefined;
  try {
    return resolveMoment(parseMoment(text), { now, timezone }).text;
  } catch (error) {
    if (error instanceof TokenwrightError) throw unreadablePeriod(name);
    throw error;
  }
}
