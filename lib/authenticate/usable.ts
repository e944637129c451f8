/** Decides whether a token may be used for a login, and clears a failcounter after its timeout. */
import { parseInstant } from '../text/date.ts';
import { parseInteger } from '../text/number.ts';
import { FAILCOUNTER_EXCEEDED, infoKey } from '../token/effect.ts';
import type { TokenRecord } from '../token/record.ts';
import { infoValue, isLocked } from '../token/token.ts';
import type { Settings } from './settings.ts';

export interface LoginTime {
  /** In milliseconds since 1970. */
  readonly now: number;
  /** Of the stack. */
  readonly timezone: string;
}

const NOT_ENROLLED: ReadonlySet<string> = new Set(['clientwait', 'verify']);

/** Returns the reason why a token cannot be used, also an unreadable value; `null`: it is usable. */
export function whyUnusable({ token }: TokenRecord, { now, timezone }: LoginTime): string | null {
  if (isUsedUp(token, 'count_auth') || isUsedUp(token, 'count_auth_success')) return 'Authentication counter exceeded';
  if (!token.active) return 'Token is disabled';
  if (isLocked(token)) return 'Failcounter exceeded';
  const bound = (key: string): number | null | undefined => {
    const text = infoValue(token, key)?.trim();
    return text ? parseInstant(text, { timezone }) : undefined;
  };
  const [start, end] = [bound('validity_period_start'), bound('validity_period_end')];
  const isInside = start !== null && end !== null && (start ?? now) <= now && now <= (end ?? now);
  if (!isInside) return 'Outside validity period';
  return NOT_ENROLLED.has(token.rollout_state) ? 'Token is not yet enrolled' : null;
}

/**
 * Clears a full failcounter if the setting `failcounter_clear_timeout`, in minutes, is over since it reached its maximum.
 */
export function clearedByTime(record: TokenRecord, settings: Settings, { now, timezone }: LoginTime): TokenRecord {
  const minutes = settings.failcounter_clear_timeout;
  const since = infoValue(record.token, EXCEEDED_KEY);
  if (minutes === 0 || since === undefined || !isLocked(record.token)) return record;
  const exceeded = parseInstant(since, { timezone });
  return exceeded !== null && now > exceeded + minutes * 60_000 ? withoutFailures(record) : record;
}

/** Sets the failcounter to 0. */
export function withoutFailures(record: TokenRecord): TokenRecord {
  const { [EXCEEDED_KEY]: _, ...info } = record.token.info;
  return { ...record, token: { ...record.token, failcount: 0, info } };
}

/** The key of tokeninfo with the time at which the failcounter reached its maximum. */
export const EXCEEDED_KEY = infoKey(FAILCOUNTER_EXCEEDED);

/** Tells whether a counter of tokeninfo has reached its maximum, where 0 means that there is none. */
function isUsedUp(token: TokenRecord['token'], counter: string): boolean {
  const most = infoNumber(token, `${counter}_max`);
  if (most === 0) return false;
  const used = infoNumber(token, counter);
  return most === null || used === null || used >= most;
}

/** Reads a number of tokeninfo: 0 if it is absent, `null` if it is not a number. */
export function infoNumber(token: Pick<TokenRecord['token'], 'info'>, key: string): number | null {
  const text = infoValue(token, key)?.trim() ?? '';
  return text === '' ? 0 : parseInteger(text);
}
