/**
 * Decides a login: which of the tokens accept the password, what is answered, and what becomes of each token. Reads
 * and decides; what it returns is data. The one thing that takes time, comparing PINs, is given to it, and asked for
 * as seldom as the rules allow: a token whose one-time password matches decides by its own PIN alone, but a failure
 * needs the PIN of every token, since the counters depend on it.
 */
import { TokenwrightError } from '../base/error.ts';
import type { TokenRecord } from '../token/record.ts';
import { infoValue } from '../token/token.ts';
import type { AnyTokenType, NextState } from '../tokentype/token-type.ts';
import type { Settings } from './settings.ts';
import { type LoginTime, unusable } from './usable.ts';

/** A token that a login may be about. */
export interface LoginCandidate {
  /** As it counts now: a failcounter whose time is over is cleared. */
  readonly record: TokenRecord;
  /** As it is stored. */
  readonly stored: TokenRecord;
  readonly type: AnyTokenType;
  /** Opened. */
  readonly secret: Uint8Array;
  /** What the request's transaction asked of this token, if anything. */
  readonly challenge: PendingChallenge | null;
}

export interface PendingChallenge {
  /** In milliseconds since 1970; at this moment it is over. */
  readonly expires: number;
  readonly positions: readonly number[];
}

export interface Attempt extends LoginTime {
  readonly password: string;
  readonly transaction: string | null;
  /** The service that an application-specific password must be for. */
  readonly service: string | null;
  /** Whether the password is a one-time password without PIN. */
  readonly otpOnly: boolean;
}

/** What becomes of one token; what is absent stays. */
export interface TokenChange {
  readonly failcount?: 'raise' | 'reset';
  /** Which counters go up by one: `count_auth`, and with a success `count_auth_success`. */
  readonly counted?: 'failure' | 'success';
  readonly next?: NextState;
  /** Whether tokeninfo `last_auth` is set. */
  readonly seen?: true;
  /** Keys of tokeninfo to set, or with `null` to delete. */
  readonly info?: Readonly<Record<string, string | null>>;
}

export type LoginDecision = {
  readonly message: string;
  /** What the answer tells of the one token that it is about. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly changes: ReadonlyMap<string, TokenChange>;
} & (
  | { readonly outcome: 'accepted'; readonly answered?: string }
  | { readonly outcome: 'rejected'; readonly expired?: readonly string[] }
  /** These tokens ask for an answer. */
  | { readonly outcome: 'challenged'; readonly serials: readonly string[] }
);

/** @returns whether that is the PIN of the token */
export type IsPin = (record: TokenRecord, text: string) => Promise<boolean>;

/**
 * @param candidates the user's tokens, or the one that is named
 * @throws TokenwrightError `token_revoked` where all of them are
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
  const meant = unrevoked.filter((candidate) => isForService(candidate, attempt.service));
  const refusals = new Set<string>();
  const usable = meant.filter(({ record }) => {
    const refusal = unusable(record, attempt);
    if (refusal !== null) refusals.add(refusal);
    return refusal === null;
  });
  if (usable.length === 0) {
    return rejected([...refusals].join(', ') || 'No suitable token found for authentication.', {}, new Map());
  }
  if (attempt.otpOnly) return decideOtpOnly(usable, attempt);

  const answering = usable.filter(({ challenge, type }) => challenge !== null && !type.pinOnly);
  const others = usable.filter((candidate) => !answering.includes(candidate));
  // With a transaction a password answers challenges; only a PIN that is all of a password is still one.
  const plain = attempt.transaction === null ? others : others.filter(({ type }) => type.pinOnly);

  const parted = plain.map((candidate) => ({ ...candidate, ...part(candidate, attempt, settings) }));
  const matching = parted.filter((one) => one.own !== null && one.next !== null);
  const valid = await filterAsync(matching, ({ record, pin }) => isPin(record, pin));
  if (valid.length > 0) return withOthersReset(acceptValid(valid), unrevoked, settings);
  if (answering.length > 0) return withOthersReset(decideAnswer(answering, attempt), unrevoked, settings);

  const triggered = await filterAsync(
    attempt.transaction === null ? plain.filter(({ type }) => canBeTriggered(type, settings)) : [],
    ({ record }) => isPin(record, attempt.password),
  );
  if (triggered.length > 0) return challenged(triggered, settings);
  const withPin = await filterAsync(
    parted.filter(({ own, type }) => own !== null && !type.pinOnly),
    async ({ record, pin, next }) => next === null && (await isPin(record, pin)),
  );
  if (withPin.length > 0) return withOthersReset(decideWithPin(withPin, attempt, settings), unrevoked, settings);
  const change: TokenChange = settings.IncFailCountOnFalsePin ? { failcount: 'raise', counted: 'failure' } : {};
  return rejected(
    'wrong otp pin',
    {},
    changing(usable, () => change),
  );
}

type Parted = LoginCandidate & Parts;
interface Parts {
  readonly pin: string;
  /** The token's own part of the password; `null`: it is too short to have one. */
  readonly own: string | null;
  readonly next: NextState | null;
}

/** Parts a password into PIN and one-time password; counts characters, since a PIN may hold any. */
function part(candidate: LoginCandidate, { password, now }: Attempt, { PrependPin }: Settings): Parts {
  const { type, record } = candidate;
  if (type.pinOnly) return { pin: password, own: '', next: verify(candidate, '', now) };
  const characters = [...password];
  const { otplen } = record.token;
  const at = PrependPin ? characters.length - otplen : otplen;
  if (characters.length < otplen) return { pin: '', own: null, next: null };
  const [front, back] = [characters.slice(0, at).join(''), characters.slice(at).join('')];
  const [pin, own] = PrependPin ? [front, back] : [back, front];
  return { pin, own, next: verify(candidate, own, now) };
}

function verify({ type, record, secret, challenge }: LoginCandidate, password: string, now: number): NextState | null {
  const state = { ...record.token, ...(challenge && { positions: challenge.positions }) };
  return ofReadable(() => type.verify(secret, state, password, now));
}

/** A token with a value that cannot be read accepts nothing. */
function ofReadable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof TokenwrightError) return null;
    throw error;
  }
}

function acceptValid(valid: readonly Parted[]): LoginDecision {
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

/** A success resets the failcounters of all tokens, where the settings say so. */
function withOthersReset(decision: LoginDecision, all: readonly LoginCandidate[], settings: Settings): LoginDecision {
  if (decision.outcome !== 'accepted' || !settings.reset_all_user_tokens) return decision;
  const failed = all.filter(({ record }) => record.token.failcount > 0);
  return {
    ...decision,
    changes: new Map([...changing(failed, (): TokenChange => ({ failcount: 'reset' })), ...decision.changes]),
  };
}

/** The answer to a challenge is the one-time password alone; one that comes too late is a wrong one. */
function decideAnswer(answering: readonly LoginCandidate[], { password, now }: Attempt): LoginDecision {
  const isOver = ({ challenge }: LoginCandidate): boolean => challenge === null || challenge.expires <= now;
  for (const candidate of answering) {
    const next = isOver(candidate) ? null : verify(candidate, password, now);
    if (next === null) continue;
    const { serial } = candidate.record.token;
    return {
      outcome: 'accepted',
      message: 'Found matching challenge',
      about: { serial },
      changes: new Map([[serial, success(next, true)]]),
      answered: serial,
    };
  }
  const [first] = answering;
  const one = answering.length === 1 && first;
  const message = one
    ? 'Response did not match the challenge.'
    : `Response did not match for ${answering.length} tokens.`;
  const about = one ? { serial: one.record.token.serial, type: one.type.name } : {};
  const expired = answering.filter(isOver).map(({ record }) => record.token.serial);
  return {
    ...rejected(
      message,
      about,
      changing(answering, (): TokenChange => ({ failcount: 'raise' })),
    ),
    expired,
  };
}

/** Whether the PIN alone begins a login with a token of that type. */
function canBeTriggered({ challenged, name }: AnyTokenType, { challenge_response }: Settings): boolean {
  return challenged === 'always' || (challenged === 'by setting' && challenge_response.includes(name));
}

/** The tokens ask for an answer. Those that send one move on to it. */
function challenged(triggered: readonly LoginCandidate[], settings: Settings): LoginDecision {
  const change = ({ type, secret, record }: LoginCandidate): TokenChange => ({
    ...(settings.increase_failcounter_on_challenge && { failcount: 'raise' as const }),
    ...(type.send && secret.length > 0 && { next: type.send(secret, record.token).next }),
  });
  const serials = triggered.map(({ record }) => record.token.serial);
  return { outcome: 'challenged', message: '', about: {}, serials, changes: changing(triggered, change) };
}

/** The PIN is right and the password is not: it may have been used before, or lie far ahead of the token. */
function decideWithPin(withPin: readonly Parted[], attempt: Attempt, settings: Settings): LoginDecision {
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
  const isReplay = one.own !== null && ofReadable(() => one.type.lastUsed?.(one.secret, one.record.token)) === one.own;
  const message = isReplay ? 'wrong otp value. previous otp used again' : 'wrong otp value';
  return rejected(message, describe(one), changes);
}

/** How long the second of two passwords may take, in milliseconds. */
const RESYNC_MS = 300_000;
const POSITION = 'otp1c';
const UNTIL = 'dueDate';

/** Two consecutive passwords from beyond the window, one login after the other, put a token right again. */
function drift(
  { type, secret, record, own }: Parted,
  now: number,
): { readonly next?: NextState; readonly info?: Readonly<Record<string, string | null>> } {
  const { resync } = type;
  if (!resync || own === null) return {};
  const position = ofReadable(() => resync.find(secret, record.token, own, now, 'window'));
  if (position === null) return {};
  const before = infoValue(record.token, POSITION);
  if (before === undefined) {
    return { info: { [POSITION]: String(position), [UNTIL]: new Date(now + RESYNC_MS).toISOString() } };
  }
  const info = { [POSITION]: null, [UNTIL]: null };
  const isNext = Number(before) + 1 === position && now < Date.parse(infoValue(record.token, UNTIL) ?? '');
  return isNext ? { next: resync.settle(record.token, position, now), info } : { info };
}

/** Guesses without a PIN are counted like all others; a token without one-time passwords takes none. */
function decideOtpOnly(usable: readonly LoginCandidate[], { password, now }: Attempt): LoginDecision {
  const [one] = usable;
  const next = one && !one.type.pinOnly ? verify(one, password, now) : null;
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

/** An application-specific password is for its service, named without regard to case, and for no other. */
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
