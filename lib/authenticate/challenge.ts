/**
 * Makes challenges: advances a token that sends passwords to its next password, sends that, and stores the challenge.
 */

import { inFlight } from '../base/concurrency.ts';
import { TokenwrightError } from '../base/error.ts';
import type { User } from '../directory/user.ts';
import { readFlag } from '../schema/scalar.ts';
import { isLive, type TokenRecord } from '../token/record.ts';
import { infoValue } from '../token/token.ts';
import type { Deliver } from './aws-senders.ts';
import type { LoginCandidate, TokenChange } from './decision.ts';
import type { LoginTools } from './login.ts';
import { challengeLife, type Settings } from './settings.ts';
import { type LoginTime, whyUnusable } from './usable.ts';
import { writeChange } from './write-change.ts';

export interface ChallengeTools extends Omit<LoginTools, 'box'> {
  readonly deliver: Deliver;
  /** Reads a token's owner, whose entry may have the address. */
  ownerOf(record: TokenRecord): Promise<User | null>;
  /** Returns a random integer from 0 up to, but not including, the limit. */
  randomBelow(limit: number): number;
}

/** The `detail` of an answer with challenges, as privacyIDEA's clients read it. */
export interface ChallengeDetail {
  readonly message?: string;
  readonly messages: readonly string[];
  readonly multi_challenge: readonly OneChallenge[];
  readonly transaction_ids: readonly string[];
  readonly [flat: string]: unknown;
}

interface OneChallenge {
  readonly transaction_id: string;
  readonly serial: string;
  readonly type: string;
  readonly client_mode: 'interactive';
  readonly message: string;
  /** Of an indexed secret. */
  readonly attributes?: { readonly random_positions: readonly number[] };
}

const MAX_ATTEMPTS = 12;
const NOT_SENT = {
  sms: 'The PIN was correct, but the SMS could not be sent!',
  email: 'The PIN was correct, but the EMail could not be sent!',
} as const;

/**
 * Makes a challenge for each of the tokens, in one transaction. For a token that cannot be used or sent to, the reason is
 * among the messages of the detail.
 *
 * @param moment when the request came, and the stack's time zone
 * @throws any transient error
 */
export async function challengeAll(
  candidates: readonly LoginCandidate[],
  settings: Settings,
  moment: LoginTime,
  tools: ChallengeTools,
): Promise<ChallengeDetail> {
  const transaction = newTransaction(tools.randomBelow);
  const made = await inFlight(candidates, (one) => challengeOne(one, transaction, settings, moment, tools));
  const challenges = made.flatMap((one) => (one !== null && 'serial' in one ? [one] : []));
  const messages = made.flatMap((one) => (one === null ? [] : ['failure' in one ? one.failure : one.message]));
  const all = [...new Set(messages)];
  return {
    ...challenges.at(-1),
    ...(all.length > 0 && { message: all.join(', ') }),
    messages,
    multi_challenge: challenges,
    transaction_ids: challenges.map(({ transaction_id }) => transaction_id),
    ...(challenges.length > 0 && { preferred_client_mode: 'interactive' }),
  };
}

const TRANSACTION_DIGITS = 20;

/** Makes the id of a transaction: twenty random digits, which are 66 bits. */
function newTransaction(below: ChallengeTools['randomBelow']): string {
  return Array.from({ length: TRANSACTION_DIGITS }, () => String(below(10))).join('');
}

/** @returns the challenge; `failure`: why none was made; `null`: the token is not usable any more */
async function challengeOne(
  candidate: LoginCandidate,
  transaction: string,
  settings: Settings,
  moment: LoginTime,
  tools: ChallengeTools,
): Promise<OneChallenge | { readonly failure: string } | null> {
  const { type, secret } = candidate;
  const { serial, failcount, maxfail } = candidate.record.token;
  const reason = whyUnusable(candidate.record, moment);
  if (reason !== null) return { failure: reason };
  const channel = type.sentTo === 'phone' ? 'sms' : 'email';
  // A token that was imported without its key has no password to send.
  if (type.send && secret.length === 0) return { failure: NOT_SENT[channel] };
  // A challenge that fills the failcounter is counted and not made.
  if (settings.increase_failcounter_on_challenge && failcount + 1 >= maxfail) {
    await advance(candidate, false, settings, moment, tools);
    return { failure: 'Failcounter exceeded' };
  }
  const asked = await advance(candidate, true, settings, moment, tools);
  if (asked === null) return null;
  if (asked.password !== undefined && type.sentTo !== undefined) {
    try {
      await tools.deliver({
        channel,
        to: await addressOf(asked.record, type.sentTo, tools),
        text: fillTags(settings[channel === 'sms' ? 'smstext' : 'emailtext'], asked.password, serial),
        subject: fillTags(settings.emailsubject, asked.password, serial),
      });
    } catch (error) {
      if (error instanceof TokenwrightError) return { failure: NOT_SENT[channel] };
      throw error;
    }
  }
  const positions = type.choose?.(secret, tools.randomBelow) ?? [];
  const message = challengeText(type.name, settings).replaceAll('{positions}', positions.join(', '));
  const expires = moment.now + challengeLife(type.name, settings);
  await tools.challenges.create({ serial, transaction, at: moment.now, expires, text: message, positions });
  return {
    transaction_id: transaction,
    serial,
    type: type.name,
    client_mode: 'interactive',
    message,
    ...(positions.length > 0 && { attributes: { random_positions: positions } }),
  };
}

/**
 * Counts a challenge, and advances the token to the password that is to be sent.
 *
 * @param isSent false: the challenge is counted alone
 * @returns `null` if the token is not usable any more
 */
async function advance(
  { stored, type, secret }: LoginCandidate,
  isSent: boolean,
  settings: Settings,
  moment: LoginTime,
  { tokens, pause }: ChallengeTools,
): Promise<{ readonly record: TokenRecord; readonly password?: string } | null> {
  let record = stored;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const sent = isSent ? type.send?.(secret, record.token) : undefined;
    const change: TokenChange = {
      ...(settings.increase_failcounter_on_challenge && { failcount: 'raise' }),
      ...(sent && { next: sent.next }),
    };
    if (Object.keys(change).length === 0) return { record };
    if (await writeChange(record, change, settings, moment, tokens)) {
      return { record, ...(sent && { password: sent.password }) };
    }
    await pause(attempt);
    const fresh = await tokens.read(record.token.serial);
    if (!isLive(fresh) || fresh.token.revoked || whyUnusable(fresh, moment) !== null) return null;
    record = fresh;
  }
  throw new Error(`the token ${record.token.serial} was changed by others ${MAX_ATTEMPTS} times in a row`);
}

/** Finds the address of the token or, if that is dynamic, of its owner. @throws TokenwrightError `no_address` */
async function addressOf(
  record: TokenRecord,
  kind: 'phone' | 'email',
  { ownerOf }: Pick<ChallengeTools, 'ownerOf'>,
): Promise<string> {
  const isDynamic = readFlag(infoValue(record.token, `dynamic_${kind}`) ?? false) === true;
  const attribute = kind === 'phone' ? 'mobile' : 'email';
  const address = isDynamic ? (await ownerOf(record))?.attributes[attribute] : infoValue(record.token, kind);
  if (address) return address;
  throw new TokenwrightError('no_address', `the token ${record.token.serial} has no ${kind} to send to`);
}

function challengeText(type: string, settings: Settings): string {
  const own: Readonly<Record<string, string>> = {
    sms: settings.sms_challenge_text,
    email: settings.email_challenge_text,
    indexedsecret: settings.indexedsecret_challenge_text,
  };
  return own[type] ?? settings.challenge_text;
}

/** Fills in privacyIDEA's two tags, `<otp>` and `<serial>`, each also in braces. */
function fillTags(text: string, otp: string, serial: string): string {
  return text.replaceAll(/<otp>|\{otp\}/g, () => otp).replaceAll(/<serial>|\{serial\}/g, () => serial);
}
