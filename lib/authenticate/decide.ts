/**
 * Decides a login: which tokens accept the password, what is answered, and how each token changes. It writes nothing
 * and returns data. Comparing PINs is slow, so `isPin` is a parameter and called as rarely as the rules allow: where a
 * one-time password matches, only the PINs of the matching tokens are compared; a failure compares those of all
 * tokens, because the counters depend on them.
 */
import { TokenwrightError } from '../base/error.ts';
import { infoValue } from '../token/token.ts';
import type { AnyTokenType } from '../tokentype/token-type.ts';
import {
  type Attempt,
  acceptValid,
  changing,
  describeToken,
  type IsPin,
  type LoginCandidate,
  type LoginDecision,
  rejected,
  successChange,
  type TokenChange,
} from './decision.ts';
import type { Settings } from './settings.ts';
import { splitPassword, verify } from './split-password.ts';
import { whyUnusable } from './usable.ts';
import { decideWrongOtp, resynchronize } from './wrong-otp.ts';

/**
 * Decides a login.
 *
 * @param candidates the user's tokens, or the one that the request names
 * @param isPin compares a text with the PIN of a token; slow on purpose
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
  const reasons = forService.map(({ record }) => whyUnusable(record, attempt));
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

/**
 * Resets the failcounters of all tokens of the user after a success, if the setting `reset_all_user_tokens` says so.
 */
function withOthersReset(decision: LoginDecision, all: readonly LoginCandidate[], settings: Settings): LoginDecision {
  if (decision.outcome !== 'accepted' || !settings.reset_all_user_tokens) return decision;
  return withReset(
    decision,
    all.filter(({ record }) => record.token.failcount > 0),
  );
}

/** Also stores the failcounters that the setting `failcounter_clear_timeout` has cleared. */
function withClearedStored(decision: LoginDecision, usable: readonly LoginCandidate[]): LoginDecision {
  return withReset(
    decision,
    usable.filter(({ record, stored }) => record !== stored),
  );
}

/** Adds that the failcounters of these tokens are reset, but for those that the decision changes itself. */
function withReset(decision: LoginDecision, candidates: readonly LoginCandidate[]): LoginDecision {
  const resets = changing(candidates, (): TokenChange => ({ failcount: 'reset' }));
  return { ...decision, changes: new Map([...resets, ...decision.changes]) };
}

/** Decides the answer to a challenge, which is a one-time password without PIN. A late answer is a wrong one. */
function decideAnswer(
  answering: readonly LoginCandidate[],
  { password, now }: Attempt,
  { AutoResync }: Settings,
): LoginDecision {
  const isExpired = ({ challenge }: LoginCandidate): boolean => challenge === null || challenge.expires <= now;
  const resyncs = new Map<string, TokenChange['info']>();
  for (const candidate of answering) {
    if (isExpired(candidate) || password === null) continue;
    const { serial } = candidate.record.token;
    const verified = verify(candidate, password, now);
    const resynced = verified === null && AutoResync ? resynchronize({ ...candidate, otp: password }, now) : {};
    const next = verified ?? resynced.next;
    if (resynced.info) resyncs.set(serial, resynced.info);
    if (!next) continue;
    const change = { ...successChange(next, true), ...(resynced.info && { info: resynced.info }) };
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
        const info = resyncs.get(record.token.serial);
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

/** Decides a one-time password without PIN. A type without one-time passwords accepts none; failures count. */
function decideOtpOnly(usable: readonly LoginCandidate[], { password, now }: Attempt): LoginDecision {
  const [one] = usable;
  const next = one && !one.type.pinOnly && password !== null ? verify(one, password, now) : null;
  if (!one || next === null) {
    const changes = changing(usable, (): TokenChange => ({ failcount: 'raise', counted: 'failure' }));
    return rejected('OTP verification failed.', one ? describeToken(one) : {}, changes);
  }
  return {
    outcome: 'accepted',
    message: 'matching 1 tokens',
    about: describeToken(one),
    changes: new Map([[one.record.token.serial, successChange(next, true)]]),
  };
}

/**
 * Tells whether a token may be used for the service: an application-specific password only for its own, ignoring case.
 */
function isForService({ type, record }: LoginCandidate, service: string | null): boolean {
  if (type.name !== 'applspec') return true;
  return service !== null && infoValue(record.token, 'service_id')?.toLowerCase() === service.toLowerCase();
}

async function filterAsync<T>(list: readonly T[], test: (one: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(list.map(test));
  return list.filter((_, i) => kept[i]);
}
