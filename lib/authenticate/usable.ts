/** Whether a token may be used for a login at all, and since when a full failcounter is cleared. Pure. */
import { parseInstant } from '../text/date.ts';
import { parseInteger } from '../text/number.ts';
import { FAILCOUNTER_EXCEEDED, infoKey } from '../token/effect.ts';
import type { TokenRecord } from '../token/record.ts';
import { infoValue, isLocked } from '../token/token.ts';
import type { Settings } from './settings.ts';

export interface LoginTime {
  /** In milliseconds since 1970. */
  readonly now: number;
  /** The stack's. */
  readonly timezone: string;
}

const NOT_ENROLLED: ReadonlySet<string> = new Set(['clientwait', 'verify']);

/** Why a token cannot be used; `null`: it can. The first reason counts; a value that cannot be read is one. */
export function unusable({ token }: TokenRecord, { now, timezone }: LoginTime): string | null {
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

/** The record, with its failcounter cleared where its time-out is over. */
export function clearedByTime(record: TokenRecord, settings: Settings, { now, timezone }: LoginTime): TokenRecord {
  const minutes = settings.failcounter_clear_timeout;
  const since = infoValue(record.token, EXCEEDED);
  if (minutes === 0 || since === undefined) return record;
  const exceeded = parseInstant(since, { timezone });
  return exceeded !== null && now > exceeded + minutes * 60_000 ? withoutFailures(record) : record;
}

/** The record with a failcounter of 0. */
export function withoutFailures(record: TokenRecord): TokenRecord {
  const { [EXCEEDED]: _, ...info } = record.token.info;
  return { ...record, token: { ...record.token, failcount: 0, info } };
}

export const EXCEEDED = infoKey(FAILCOUNTER_EXCEEDED);

/** A counter of tokeninfo that has reached its maximum; 0: there is none. */
function isUsedUp(token: TokenRecord['token'], counter: string): boolean {
  const most = numberOf(token, `${counter}_max`);
  if (most === 0) return false;
  const used = numberOf(token, counter);
  return most === null || used === null || used >= most;
}

/** @returns `null` where it is there and is no number */
export function numberOf(token: Pick<TokenRecord['token'], 'info'>, key: string): number | null {
  const text = infoValue(token, key)?.trim() ?? '';
  return text === '' ? 0 : parseInteger(text);
}
