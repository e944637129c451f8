/** `/token/set`, `/token/description`, `/token/setpin`, `/token/resync`: what is set on tokens, field by field. */
import { TokenwrightError } from '../base/error.ts';
import { parseMoment, resolveMoment } from '../text/date.ts';
import { parseInteger } from '../text/number.ts';
import { MAX_DESCRIPTION } from '../text/tags.ts';
import { type Effect, infoPath } from '../token/effect.ts';
import { apply, changeToken, stampOf } from './change-token.ts';
import { badParameter } from './fault.ts';
import { readNamedTokens } from './named-tokens.ts';
import { type Parameters, textOf } from './parameters.ts';
import type { ApiCall, ApiOperations, Operation, Prepared } from './serve.ts';
import { about, type TokenChangeTools } from './token-changes.ts';

export interface TokenSettingTools extends TokenChangeTools {
  readonly timezone: string;
}

type ReadEffects = (parameters: Parameters, now: number) => Promise<readonly Effect[]>;

export function tokenSettingOperations(tools: TokenSettingTools): ApiOperations {
  const operation = (event: string, wanted: Operation['wanted'], read: ReadEffects): Operation => ({
    event,
    id: 1,
    wanted,
    prepare: (call) => prepare(call, read, tools),
  });
  const set = operation('token_set', 'admin', async (parameters, now) => settings(parameters, now, tools.timezone));
  const describe = operation('token_set', 'user or admin', async (parameters) => description(parameters));
  const setPin = operation('token_setpin', 'user or admin', async (parameters) => {
    const pin = textOf(parameters, 'otppin');
    return pin === undefined
      ? []
      : [{ kind: 'assign', path: 'pin', value: pin === '' ? null : await tools.hashPin(pin) }];
  });
  return {
    'POST /token/set': set,
    'POST /token/set/{serial}': set,
    'POST /token/description': describe,
    'POST /token/description/{serial}': describe,
    'POST /token/setpin': setPin,
    'POST /token/setpin/{serial}': setPin,
  };
}

/** The answer counts what was set, on each token. */
async function prepare(
  { parameters, id, now }: ApiCall,
  read: ReadEffects,
  tools: TokenSettingTools,
): Promise<Prepared> {
  const { records } = await readNamedTokens(parameters, tools);
  const stamp = stampOf(id, now);
  return {
    ...about(records),
    async perform() {
      const effects = await read(parameters, now);
      for (const record of records) {
        await changeToken(record, (present) => (effects.length === 0 ? null : apply(present, effects, stamp)), tools);
      }
      return { value: effects.length * records.length };
    },
  };
}

/** The number attributes, and what they are called in a request. */
const NUMBERS = { count_window: 'count_window', sync_window: 'sync_window', max_failcount: 'maxfail' } as const;
const COUNTS: readonly string[] = ['count_auth_max', 'count_auth_success_max'];
const HASHES: readonly string[] = ['sha1', 'sha256', 'sha512'];

function settings(parameters: Parameters, now: number, timezone: string): readonly Effect[] {
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

function description(parameters: Parameters): readonly Effect[] {
  const value = textOf(parameters, 'description');
  if (value === undefined) return [];
  if ([...value].length > MAX_DESCRIPTION) {
    throw badParameter(`Parameter 'description' must be at most ${MAX_DESCRIPTION} characters long.`);
  }
  return [{ kind: 'assign', path: 'description', value }];
}

function hashlib(parameters: Parameters): readonly string[] {
  const value = textOf(parameters, 'hashlib');
  if (!value) return [];
  if (HASHES.includes(value)) return [value];
  throw badParameter(`Parameter 'hashlib' must be one of ${HASHES.join(', ')}.`);
}

/** A whole number, from a form or from JSON. @throws ApiFault 400 */
export function numberOf(parameters: Parameters, name: string, least: number): number | undefined {
  const given = parameters[name];
  if (given === undefined || given === '') return undefined;
  const value = typeof given === 'string' || typeof given === 'number' ? parseInteger(given) : null;
  if (value !== null && value >= least) return value;
  throw badParameter(`Parameter '${name}' must be a whole number, at least ${least}.`);
}

function momentOf(parameters: Parameters, name: string, now: number, timezone: string): string | undefined {
  const given = textOf(parameters, name);
  if (!given) return undefined;
  try {
    return resolveMoment(parseMoment(given), { now, timezone }).text;
  } catch (error) {
    if (error instanceof TokenwrightError) throw badParameter(`Parameter '${name}': ${error.message}`);
    throw error;
  }
}
