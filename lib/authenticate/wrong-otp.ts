/**
 * Decides a login whose PIN is right and whose one-time password does not match: it may be used already, or far ahead of
 * the token's counter or clock, which the setting `AutoResync` corrects.
 */
import { infoValue } from '../token/token.ts';
import type { NextState } from '../tokentype/token-type.ts';
import {
  type Attempt,
  acceptValid,
  changing,
  describeToken,
  type LoginCandidate,
  type LoginDecision,
  rejected,
  type TokenChange,
} from './decision.ts';
import type { Settings } from './settings.ts';
import { nullIfUnreadable, type SplitCandidate } from './split-password.ts';

/** Decides a login whose PIN is right and whose one-time password is not. @param withPin the tokens with that PIN */
export function decideWrongOtp(
  withPin: readonly SplitCandidate[],
  attempt: Attempt,
  settings: Settings,
): LoginDecision {
  const tried = withPin.map((one) => ({ ...one, resync: settings.AutoResync ? resynchronize(one, attempt.now) : {} }));
  const resynced = tried.filter(({ resync }) => resync.next);
  if (resynced.length > 0) {
    const accepted = acceptValid(resynced.map((one) => ({ ...one, next: one.resync.next ?? null })));
    const info = new Map(resynced.map(({ record, resync }) => [record.token.serial, resync.info]));
    return {
      ...accepted,
      changes: new Map([...accepted.changes].map(([serial, one]) => [serial, { ...one, info: info.get(serial) }])),
    };
  }
  const changes = changing(tried, ({ resync: { info } }): TokenChange => {
    return { failcount: 'raise', counted: 'failure', ...(info && { info }) };
  });
  const [one] = withPin;
  if (!one || withPin.length > 1) return rejected('wrong otp value', {}, changes);
  const isReplay =
    one.otp !== null && nullIfUnreadable(() => one.type.lastUsed?.(one.secret, one.record.token)) === one.otp;
  const message = isReplay ? 'wrong otp value. previous otp used again' : 'wrong otp value';
  return rejected(message, describeToken(one), changes);
}

/** The second of two consecutive passwords of a counter must follow within this time, in milliseconds. */
const RESYNC_MS = 300_000;
/** The keys of tokeninfo that privacyIDEA uses. */
const FIRST_POSITION_KEY = 'otp1c';
const RESYNC_UNTIL_KEY = 'dueDate';

/**
 * Resynchronizes a token by two consecutive passwords from beyond its window, given in two logins (RFC 4226, section 7.4).
 * Tokeninfo keeps the position of the first one.
 *
 * @param now in milliseconds since 1970
 * @returns `next` if the password is the second one; `info`: the keys of tokeninfo to set, or with `null` to delete
 */
export function resynchronize(
  { type, secret, record, otp }: LoginCandidate & Pick<SplitCandidate, 'otp'>,
  now: number,
): { readonly next?: NextState; readonly info?: Readonly<Record<string, string | null>> } {
  const { resync } = type;
  if (!resync || otp === null) return {};
  const position = nullIfUnreadable(() => resync.find(secret, record.token, otp, now, 'window'));
  if (position === null) return {};
  const before = infoValue(record.token, FIRST_POSITION_KEY);
  if (before === undefined) {
    const until = resync.isTimed && { [RESYNC_UNTIL_KEY]: new Date(now + RESYNC_MS).toISOString() };
    return { info: { [FIRST_POSITION_KEY]: String(position), ...until } };
  }
  const info = { [FIRST_POSITION_KEY]: null, [RESYNC_UNTIL_KEY]: null };
  const isInTime = !resync.isTimed || now < Date.parse(infoValue(record.token, RESYNC_UNTIL_KEY) ?? '');
  const isNext = Number(before) + 1 === position && isInTime;
  return isNext ? { next: resync.settle(record.token, position, now), info } : { info };
}
