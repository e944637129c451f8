/**
 * Decides a login: which tokens accept the password, what is answered, and how each token changes. It writes nothing
 * and returns data. Comparing PINs is slow, so `isPin` is a parameter and called as rarely as the rules allow: where a
 * one-time password matches, only the PINs of the matching tokens are compared; a failure compares those of all
 * tokens, because the counters depend on them.
 */
import { TokenwrightError } from '../base/error.ts';
import type { TokenRecord } from '../token/record.ts';
import { infoValue } from '../token/token.ts';
import type { AnyTokenType, NextState } from '../tokentype/token-type.ts';
import type { Settings } from './settings.ts';
import { type LoginTime, unusable } from './usable.ts';

/** A token that may accept the password. */
export interface LoginCandidate {
  /** The record, its failcounter cleared where the setting `failcounter_clear_timeout` says so. */
  readonly record: TokenRecord;
  /** The record as it was read. */
  readonly stored: TokenRecord;
  readonly type: AnyTokenType;
  /** The decrypted OTP key; empty: there is none. */
  readonly secret: Uint8Array;
  /** This token's challenge in the request's transaction. */
  readonly challenge: PendingChallenge | null;
}

export interface PendingChallenge {
  /** In milliseconds since 1970; an answer at this time is too late. */
  readonly expires: number;
  /** The positions of an indexed secret that were asked for. */
  readonly positions: readonly number[];
}

export interface Attempt extends LoginTime {
  /** `null`: none was sent, which no token without one-time passwords accepts. */
  readonly password: string | null;
  readonly transaction: string | null;
  /** The service for which application-specific passwords are accepted. */
  readonly service: string | null;
  /** Whether the password is a one-time password without PIN. */
  readonly otpOnly: boolean;
}

/** The changes of one token by a login; absent fields do not change. */
export interface TokenChange {
  readonly failcount?: 'raise' | 'reset';
  /** Which counters go up by one: `count_auth`, and with a success `count_auth_success`. */
  readonly counted?: 'failure' | 'success';
  readonly next?: NextState;
  /** Sets tokeninfo `last_auth`. */
  readonly seen?: true;
  /** Keys of tokeninfo to set, or with `null` to delete. */
  readonly info?: Readonly<Record<string, string | null>>;
}

export type LoginDecision = {
  readonly message: string;
  /** What the `detail` of the answer says about the token. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly changes: ReadonlyMap<string, TokenChange>;
} & (
  | { readonly outcome: 'accepted'; readonly answered?: string }
  | { readonly outcome: 'rejected'; readonly expired?: readonly string[]; readonly isWithoutPassword?: true }
  /** A challenge is to be made for each of these tokens. */
  | { readonly outcome: 'challenged'; readonly serials: readonly string[] }
);

/** Whether the text is the PIN of the token. */
export type IsPin = (record: TokenRecord, text: string) => Promise<boolean>;

/**
 * Decides a login.
 *
 * @param candidates the user's tokens, or the one that the request names
 * @throws TokenwrightError `token_revoked` where all of them are revoked
 */
export async function decideLogin(
  candidates: readonly LoginCandidate[],
  attempt: Attempt,
  settings: Settings,
  isPin: IsPin,
): Promise<LoginDecision> {
  const unrevoked = candidates.filter(({ record }) => !record.token.revoked);
  if (unrevoked.length === 0 && candidates.length > 0) {
    throw new TokenwrightError('token_revoked', 'all tokens are revoked');
  }
  const forService = unrevoked.filter((candidate) => isForService(candidate, attempt.service));
  const reasons = forService.map(({ record }) => unusable(record, attempt));
  const usable = forService.filter((_, i) => reasons[i] === null);
  if (attempt.password === null && usable.some(({ type }) => !type.pinOnly)) {
    return { ...rejected('a password is missing', {}, new Map()), isWithoutPassword: true };
  }
  if (usable.length === 0) {
    const message = [...new Set(reasons)].join(', ') || 'No suitable token found for authentication.';
    return rejected(message, {}, new Map());
  }
  if (attempt.otpOnly) return decideOtpOnly(usable, attempt);
  const decision = await decidePassword(usable, attempt, settings, isPin);
  return withClearedStored(withOthersReset(decision, unrevoked, settings), usable);
}

/** Tries in this order: PIN and one-time password, the answer to a challenge, the PIN alone, a wrong password. */
async function decidePassword(
  usable: readonly LoginCandidate[],
  attempt: Attempt,
  settings: Settings,
  isPin: IsPin,
): Promise<LoginDecision> {
  const answering = usable.filter(({ challenge, type }) => challenge !== null && !type.pinOnly);
  const others = usable.filter((candidate) => !answering.includes(candidate));
  // Within a transaction the password answers a challenge; only types without one-time passwords still take a PIN.
  const plain = attempt.transaction === null ? others : others.filter(({ type }) => type.pinOnly);
  const split = plain.map((candidate) => ({ ...candidate, ...splitPassword(candidate, attempt, settings) }));

  const matching = split.filter(({ otp, next }) => otp !== null && next !== null);
  const valid = await filterAsync(matching, ({ record, pin }) => isPin(record, pin));
  if (valid.length > 0) return acceptValid(valid);

  if (answering.length > 0) return decideAnswer(answering, attempt, settings);

  const triggered = await filterAsync(
    attempt.transaction === null ? plain.filter(({ type }) => canBeTriggered(type, settings)) : [],
    ({ record }) => isPin(record, attempt.password ?? ''),
  );
  if (triggered.length > 0) return challenged(triggered, settings);

  const withPin = await filterAsync(
    split.filter(({ otp, type }) => otp !== null && !type.pinOnly),
    async ({ record, pin, next }) => next === null && (await isPin(record, pin)),
  );
  if (withPin.length > 0) return decideWrongOtp(withPin, attempt, settings);

  const change: TokenChange = settings.IncFailCountOnFalsePin ? { failcount: 'raise', counted: 'failure' } : {};
  return rejected(
    'wrong otp pin',
    {},
    changing(usable, () => change),
  );
}

type SplitCandidate = LoginCandidate & SplitPassword;
interface SplitPassword {
  readonly pin: string;
  /** The one-time password; `null`: the password is too short to contain one. */
  readonly otp: string | null;
  /** The token's state after the one-time password; `null`: it does not match. */
  readonly next: NextState | null;
}

/** Splits a password into PIN and one-time password, by characters and not by UTF-16 units. */
function splitPassword(candidate: LoginCandidate, { password, now }: Attempt, { PrependPin }: Settings): SplitPassword {
  const { type, record } = candidate;
  if (password === null) return { pin: '', otp: null, next: null };
  if (type.pinOnly) return { pin: password, otp: '', next: verify(candidate, '', now) };
  const characters = [...password];
  const { otplen } = record.token;
  const at = PrependPin ? characters.length - otplen : otplen;
  if (characters.length < otplen) return { pin: '', otp: null, next: null };
  const [front, back] = [characters.slice(0, at).join(''), characters.slice(at).join('')];
  const [pin, otp] = PrependPin ? [front, back] : [back, front];
  return { pin, otp, next: verify(candidate, otp, now) };
}

function verify({ type, record, secret, challenge }: LoginCandidate, password: string, now: number): NextState | null {
  const state = { ...record.token, ...(challenge && { positions: challenge.positions }) };
  return ofReadable(() => type.verify(secret, state, password, now));
}

/** `null` where a value of the token is unreadable: such a token accepts no password. */
function ofReadable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof TokenwrightError) return null;
    throw error;
  }
}

function acceptValid(valid: readonly SplitCandidate[]): LoginDecision {
  const [first] = valid;
  const types = new Set(valid.map(({ type }) => type.name));
  const about =
    first && valid.length === 1 ? describe(first) : { type: types.size === 1 ? first?.type.name : 'undetermined' };
  const changes = changing(valid, ({ next }) => success(next, valid.length === 1));
  return { outcome: 'accepted', message: `matching ${valid.length} tokens`, about, changes };
}

function success(next: NextState | null, seen: boolean): TokenChange {
  return { failcount: 'reset', counted: 'success', ...(next && { next }), ...(seen && { seen }) };
}

/** After a success resets the failcounters of all tokens of the user, if the settings say so. */
function withOthersReset(decision: LoginDecision, all: readonly LoginCandidate[], settings: Settings): LoginDecision {
  if (decision.outcome !== 'accepted' || !settings.reset_all_user_tokens) return decision;
  const failed = all.filter(({ record }) => record.token.failcount > 0);
  return {
    ...decision,
    changes: new Map([...changing(failed, (): TokenChange => ({ failcount: 'reset' })), ...decision.changes]),
  };
}

/** Also stores the failcounters that the setting `failcounter_clear_timeout` has cleared. */
function withClearedStored(decision: LoginDecision, usable: readonly LoginCandidate[]): LoginDecision {
  const cleared = usable.filter(({ record, stored }) => record !== stored);
  if (cleared.length === 0) return decision;
  return {
    ...decision,
    changes: new Map([...changing(cleared, (): TokenChange => ({ failcount: 'reset' })), ...decision.changes]),
  };
}

/** Decides the answer to a challenge, which is a one-time password without PIN. A late answer is a wrong one. */
function decideAnswer(
  answering: readonly LoginCandidate[],
  { password, now }: Attempt,
  { AutoResync }: Settings,
): LoginDecision {
  const isExpired = ({ challenge }: LoginCandidate): boolean => challenge === null || challenge.expires <= now;
  const drifts = new Map<string, TokenChange['info']>();
  for (const candidate of answering) {
    if (isExpired(candidate) || password === null) continue;
    const { serial } = candidate.record.token;
    const verified = verify(candidate, password, now);
    const drifted = verified === null && AutoResync ? drift({ ...candidate, otp: password }, now) : {};
    const next = verified ?? drifted.next;
    if (drifted.info) drifts.set(serial, drifted.info);
    if (!next) continue;
    const change = { ...success(next, true), ...(drifted.info && { info: drifted.info }) };
    return {
      outcome: 'accepted',
      message: 'Found matching challenge',
      about: { serial },
      changes: new Map([[serial, change]]),
      answered: serial,
    };
  }
  const [first] = answering;
  const one = answering.length === 1 && first;
  const message = one
    ? 'Response did not match the challenge.'
    : `Response did not match for ${answering.length} tokens.`;
  const about = one ? { serial: one.record.token.serial, type: one.type.name } : {};
  const expired = answering.filter(isExpired).map(({ record }) => record.token.serial);
  return {
    ...rejected(
      message,
      about,
      changing(answering, ({ record }): TokenChange => {
        const info = drifts.get(record.token.serial);
        return { failcount: 'raise', ...(info && { info }) };
      }),
    ),
    expired,
  };
}

/** Tells whether the PIN alone triggers a challenge for tokens of the type. */
function canBeTriggered({ challenged, name }: AnyTokenType, { challenge_response }: Settings): boolean {
  return challenged === 'always' || (challenged === 'by setting' && challenge_response.includes(name));
}

/** Asks for an answer. A token that sends its password moves on to that password. */
function challenged(triggered: readonly LoginCandidate[], settings: Settings): LoginDecision {
  const change = ({ type, secret, record }: LoginCandidate): TokenChange => ({
    ...(settings.increase_failcounter_on_challenge && { failcount: 'raise' as const }),
    ...(type.send && secret.length > 0 && { next: type.send(secret, record.token).next }),
  });
  const serials = triggered.map(({ record }) => record.token.serial);
  return { outcome: 'challenged', message: '', about: {}, serials, changes: changing(triggered, change) };
}

/** The PIN is right and the one-time password is not: it may be used already, or far ahead of the token's counter. */
function decideWrongOtp(withPin: readonly SplitCandidate[], attempt: Attempt, settings: Settings): LoginDecision {
  const drifts = withPin.map((one) => ({ ...one, drift: settings.AutoResync ? drift(one, attempt.now) : {} }));
  const found = drifts.filter((one) => 'next' in one.drift && one.drift.next);
  if (found.length > 0) {
    const accepted = acceptValid(found.map((one) => ({ ...one, next: one.drift.next ?? null })));
    const info = new Map(found.map(({ record, drift }) => [record.token.serial, drift.info]));
    return { ...accepted, changes: new Map([...accepted.changes].map(([s, c]) => [s, { ...c, info: info.get(s) }])) };
  }
  const changes = changing(drifts, ({ drift: { info } }): TokenChange => {
    return { failcount: 'raise', counted: 'failure', ...(info && { info }) };
  });
  const [one] = withPin;
  if (!one || withPin.length > 1) return rejected('wrong otp value', {}, changes);
  const isReplay = one.otp !== null && ofReadable(() => one.type.lastUsed?.(one.secret, one.record.token)) === one.otp;
  const message = isReplay ? 'wrong otp value. previous otp used again' : 'wrong otp value';
  return rejected(message, describe(one), changes);
}

/** The second of two consecutive passwords of a counter must follow within this time, in milliseconds. */
const RESYNC_MS = 300_000;
const POSITION = 'otp1c';
const UNTIL = 'dueDate';

/** Resynchronizes a token by two consecutive passwords from beyond its window, given in two logins. */
function drift(
  { type, secret, record, otp }: LoginCandidate & Pick<SplitPassword, 'otp'>,
  now: number,
): { readonly next?: NextState; readonly info?: Readonly<Record<string, string | null>> } {
  const { resync } = type;
  if (!resync || otp === null) return {};
  const position = ofReadable(() => resync.find(secret, record.token, otp, now, 'window'));
  if (position === null) return {};
  const before = infoValue(record.token, POSITION);
  if (before === undefined) {
    const until = resync.isTimed && { [UNTIL]: new Date(now + RESYNC_MS).toISOString() };
    return { info: { [POSITION]: String(position), ...until } };
  }
  const info = { [POSITION]: null, [UNTIL]: null };
  const isInTime = !resync.isTimed || now < Date.parse(infoValue(record.token, UNTIL) ?? '');
  const isNext = Number(before) + 1 === position && isInTime;
  return isNext ? { next: resync.settle(record.token, position, now), info } : { info };
}

/** Decides a one-time password without PIN. A type without one-time passwords accepts none; failures count. */
function decideOtpOnly(usable: readonly LoginCandidate[], { password, now }: Attempt): LoginDecision {
  const [one] = usable;
  const next = one && !one.type.pinOnly && password !== null ? verify(one, password, now) : null;
  if (!one || next === null) {
    const changes = changing(usable, (): TokenChange => ({ failcount: 'raise', counted: 'failure' }));
    return rejected('OTP verification failed.', one ? describe(one) : {}, changes);
  }
  return {
    outcome: 'accepted',
    message: 'matching 1 tokens',
    about: describe(one),
    changes: new Map([[one.record.token.serial, success(next, true)]]),
  };
}

/** Tells whether a token may be used for the service: an application-specific password only for its own, ignoring case. */
function isForService({ type, record }: LoginCandidate, service: string | null): boolean {
  if (type.name !== 'applspec') return true;
  return service !== null && infoValue(record.token, 'service_id')?.toLowerCase() === service.toLowerCase();
}

function describe({ record, type }: LoginCandidate): Record<string, unknown> {
  return { serial: record.token.serial, type: type.name, otplen: record.token.otplen };
}

function rejected(
  message: string,
  about: Readonly<Record<string, unknown>>,
  changes: ReadonlyMap<string, TokenChange>,
): LoginDecision & { readonly outcome: 'rejected' } {
  return { outcome: 'rejected', message, about, changes };
}

function changing<C extends LoginCandidate>(
  candidates: readonly C[],
  change: (one: C) => TokenChange,
): Map<string, TokenChange> {
  return new Map(candidates.map((one) => [one.record.token.serial, change(one)]));
}

async function filterAsync<T>(list: readonly T[], test: (one: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(list.map(test));
  return list.filter((_, i) => kept[i]);
}
