/** Applies a login's change to a token's record, and writes it. */
import { formatToMicrosecond, formatToMinute } from '../text/calendar.ts';
import { formatOffset, toZone } from '../text/zone.ts';
import { afterLogin } from '../token/login.ts';
import { TOMBSTONE_AGE, type TokenRecord } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';
import type { TokenChange } from './decision.ts';
import type { Settings } from './settings.ts';
import { clearedByTime, EXCEEDED_KEY, infoNumber, type LoginTime, withoutFailures } from './usable.ts';

/** Writes a login's change. @returns false if the token was changed since it was read */
export function writeChange(
  before: TokenRecord,
  change: TokenChange,
  settings: Settings,
  moment: LoginTime,
  tokens: Pick<TokenStore, 'replace'>,
): Promise<boolean> {
  const { now } = moment;
  if (!change.next?.spent) {
    const resets = change.failcount === 'reset';
    const after = changedRecord(before, change, settings, moment);
    return tokens.replace(before, afterLogin(before, after, { now, resets }));
  }
  const version = before.version + 1;
  return tokens.replace(before, { ...before, version, deletedAt: now, expiresAt: now + TOMBSTONE_AGE });
}

/** Makes the record that a login leaves, without its stamps and its ledger entry. */
function changedRecord(before: TokenRecord, change: TokenChange, settings: Settings, moment: LoginTime): TokenRecord {
  const cleared = clearedByTime(before, settings, moment);
  const counted = change.failcount === 'reset' ? withoutFailures(cleared) : cleared;
  const { token } = change.failcount === 'raise' ? withFailure(counted, moment) : counted;
  const info: Record<string, string> = { ...token.info, ...change.next?.info };
  for (const [key, value] of Object.entries(change.info ?? {})) {
    if (value === null) delete info[key];
    else info[key] = value;
  }
  if (change.counted !== undefined && !settings.no_auth_counter) {
    const counters = change.counted === 'success' ? ['count_auth', 'count_auth_success'] : ['count_auth'];
    for (const key of counters) info[key] = String((infoNumber(token, key) ?? 0) + 1);
  }
  if (change.lastAuth) info.last_auth = toMicrosecond(moment);
  return { ...before, token: { ...token, count: change.next?.count ?? token.count, info } };
}

/** Adds a failure, up to the maximum. Tokeninfo keeps the time at which the maximum was reached. */
function withFailure(record: TokenRecord, moment: LoginTime): TokenRecord {
  const { failcount, maxfail, info } = record.token;
  const failures = Math.min(failcount + 1, maxfail);
  const isFull = failures >= maxfail && failcount < maxfail;
  const exceeded = isFull ? { [EXCEEDED_KEY]: toMinute(moment) } : {};
  return { ...record, token: { ...record.token, failcount: failures, info: { ...info, ...exceeded } } };
}

function toMinute({ now, timezone }: LoginTime): string {
  const { wall, offset } = toZone(now, timezone);
  return formatToMinute(wall) + formatOffset(offset);
}

function toMicrosecond({ now, timezone }: LoginTime): string {
  const { wall, offset } = toZone(now, timezone);
  return formatToMicrosecond(wall) + formatOffset(offset);
}
