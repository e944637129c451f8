/**
 * Performs a login: reads the tokens, decides, and writes the changes, each token under the condition that it was not
 * changed since it was read. After a conflict everything is read and decided again. So a one-time password is accepted
 * once, and every failure counts, however many requests arrive at once.
 */
import { inFlight } from '../base/concurrency.ts';
import type { SecretBox } from '../secret/box.ts';
import { verifyPin } from '../secret/pin.ts';
import { isLive, type TokenRecord } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';
import { findTokenType } from '../tokentype/catalogue.ts';
import type { ChallengeStore, StoredChallenge } from './challenge-store.ts';
import { decideLogin } from './decide.ts';
import type { Attempt, IsPin, LoginCandidate, LoginDecision, TokenChange } from './decision.ts';
import type { Settings } from './settings.ts';
import { clearedByTime, whyUnusable } from './usable.ts';
import { writeChange } from './write-change.ts';

export interface LoginTools {
  readonly tokens: Pick<TokenStore, 'readMany' | 'read' | 'replace'>;
  readonly box: Pick<SecretBox, 'open'>;
  readonly challenges: ChallengeStore;
  /** Waits before tokens are read again. */
  pause(attempt: number): Promise<void>;
}

/** An attempt, and the tokens that may accept it. */
export interface LoginRequest extends Attempt {
  readonly serials: readonly string[];
}

/** A decision whose changes are written, and the tokens that it was made on. */
export interface LoginResult {
  readonly decision: LoginDecision;
  readonly candidates: readonly LoginCandidate[];
}

/** Enough for some fifty requests at once on one token. */
const MAX_ATTEMPTS = 60;

/**
 * Decides a login and writes its changes. Challenges are left to `challenge.ts`.
 *
 * @throws TokenwrightError `token_revoked` where all tokens are; else any transient error, and then nothing was accepted
 */
export async function login(request: LoginRequest, settings: Settings, tools: LoginTools): Promise<LoginResult> {
  const isPin = pinChecker(settings);
  /** The tokens that accepted the password before the first conflict. No other token may accept it afterwards. */
  let contested: ReadonlySet<string> | undefined;
  /** The transaction's challenges, once this login has deleted them, so that no other login can answer them. */
  let taken: readonly StoredChallenge[] | undefined;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const challenges = taken ?? (await challengesOf(request, tools));
    const candidates = await readCandidates(request, challenges, settings, tools);
    const decision = await decideContested(candidates, contested, (some) =>
      decideLogin(some, request, settings, isPin),
    );
    if (decision.outcome === 'challenged') return { decision, candidates };
    if (decision.outcome === 'accepted' && decision.answered !== undefined && taken === undefined) {
      if (!(await tools.challenges.take(challenges))) continue;
      taken = challenges;
    }
    if (await writeChanges(decision, candidates, request, settings, tools)) {
      await settleChallenges(decision, challenges, tools);
      return { decision, candidates };
    }
    if (decision.outcome === 'accepted' && decision.answered === undefined) contested ??= acceptingOf(decision);
    await tools.pause(attempt);
  }
  throw new Error(`tokens were changed by others ${MAX_ATTEMPTS} times in a row`);
}

/** Reads the tokens and decrypts their secrets. Tokens that do not exist any more are left out. */
export async function readCandidates(
  { serials, now, timezone }: Pick<LoginRequest, 'serials' | 'now' | 'timezone'>,
  challenges: readonly StoredChallenge[],
  settings: Settings,
  { tokens, box }: Pick<LoginTools, 'tokens' | 'box'>,
): Promise<LoginCandidate[]> {
  const bySerial = new Map(challenges.map((challenge) => [challenge.serial, challenge]));
  const records = (await tokens.readMany(serials)).filter(isLive);
  records.sort((a, b) => (a.token.serial < b.token.serial ? -1 : 1));
  const candidates = await inFlight(records, async (record): Promise<LoginCandidate | null> => {
    const { serial, tokentype } = record.token;
    const type = findTokenType(tokentype);
    if (!type) return null;
    const secret = record.otpkey ? await box.open(record.otpkey, { purpose: 'otpkey', serial }) : new Uint8Array();
    const cleared = clearedByTime(record, settings, { now, timezone });
    return { record: cleared, stored: record, type, secret, challenge: bySerial.get(serial) ?? null };
  });
  return candidates.filter((candidate) => candidate !== null);
}

/** Reads the challenges that the request answers; none without a transaction. */
async function challengesOf({ transaction, serials }: LoginRequest, { challenges }: LoginTools) {
  return transaction === null ? [] : challenges.ofTransaction(transaction, serials);
}

/**
 * Decides again after a conflict. If a token that had accepted the password does not accept it any more, another login
 * has used the password, and no other token accepts it either.
 */
async function decideContested(
  candidates: readonly LoginCandidate[],
  contested: ReadonlySet<string> | undefined,
  decide: (candidates: readonly LoginCandidate[]) => Promise<LoginDecision>,
): Promise<LoginDecision> {
  if (contested === undefined) return decide(candidates);
  const still = candidates.filter(({ record }) => contested.has(record.token.serial));
  const decision = await decide(still);
  if (decision.outcome !== 'accepted') return decision;
  const accepting = acceptingOf(decision);
  const used = still.filter(({ record }) => !accepting.has(record.token.serial));
  return used.length === 0 ? decision : decide(used);
}

/** Lists the serials of the tokens that accept the password. */
function acceptingOf({ changes }: LoginDecision): ReadonlySet<string> {
  return new Set([...changes].filter(([, change]) => change.counted === 'success').map(([serial]) => serial));
}

/**
 * Writes the changes: first that of one token that the decision depends on, then all others, each of which is read again
 * after a conflict.
 *
 * @returns false if the first token was changed meanwhile, and so nothing was written
 */
async function writeChanges(
  { changes }: LoginDecision,
  candidates: readonly LoginCandidate[],
  request: LoginRequest,
  settings: Settings,
  tools: LoginTools,
): Promise<boolean> {
  const writes = candidates.flatMap(({ stored: record }) => {
    const change = changes.get(record.token.serial);
    return change && Object.keys(change).length > 0 ? [{ record, change }] : [];
  });
  const decisive = writes.findIndex(({ change }) => change.counted === 'success');
  const [first, ...others] = decisive > 0 ? [...writes.splice(decisive, 1), ...writes] : writes;
  if (!first) return true;
  const write = (record: TokenRecord, change: TokenChange) =>
    writeChange(record, change, settings, request, tools.tokens);
  if (!(await write(first.record, first.change))) return false;
  await inFlight(others, async ({ record, change }) => {
    let fresh: TokenRecord | undefined = record;
    for (let attempt = 1; isLive(fresh) && !(await write(fresh, change)); attempt += 1) {
      if (attempt === MAX_ATTEMPTS) throw new Error(`the token ${record.token.serial} was changed again and again`);
      await tools.pause(attempt);
      fresh = await tools.tokens.read(record.token.serial);
      // A failcounter that is full by now would not have been raised in a later login either.
      if (fresh && change.failcount === 'raise' && whyUnusable(fresh, request) !== null) return;
    }
  });
  return true;
}

/** Counts a wrong answer. An expired challenge is deleted with its first answer. */
async function settleChallenges(
  decision: LoginDecision,
  challenges: readonly StoredChallenge[],
  { challenges: store }: LoginTools,
): Promise<void> {
  if (decision.outcome !== 'rejected' || !decision.expired) return;
  const { expired } = decision;
  await inFlight(challenges, async (challenge) => {
    if (expired.includes(challenge.serial)) await store.take([challenge]);
    else await store.countAnswer(challenge);
  });
}

/** Makes a function that compares PINs, each pair of PIN and hash once. */
function pinChecker({ otppin }: Settings): IsPin {
  const known = new Map<string, Promise<boolean>>();
  return async ({ pinHash }, text) => {
    if (otppin === 'none' || pinHash === null) return text === '';
    const key = JSON.stringify([pinHash, text]);
    const compared = known.get(key) ?? verifyPin(text, pinHash);
    known.set(key, compared);
    return compared;
  };
}
