/**
 * A login against the stored tokens: reads them, decides, and writes what the decision changes, each token only if
 * nobody else wrote it in between. On such a conflict it is decided anew on what is there then, so that a one-time
 * password is good once and every failure counts, however many come at once.
 */
import { inFlight } from '../base/concurrency.ts';
import type { SecretBox } from '../secret/box.ts';
import { verifyPin } from '../secret/pin.ts';
import { isLive, type TokenRecord } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';
import { findTokenType } from '../tokentype/catalogue.ts';
import type { ChallengeStore, StoredChallenge } from './challenge-store.ts';
import { writeChange } from './change.ts';
import {
  type Attempt,
  decideLogin,
  type IsPin,
  type LoginCandidate,
  type LoginDecision,
  type TokenChange,
} from './decide.ts';
import type { Settings } from './settings.ts';
import { clearedByTime, unusable } from './usable.ts';

export interface LoginTools {
  readonly tokens: Pick<TokenStore, 'readMany' | 'read' | 'replace'>;
  readonly box: Pick<SecretBox, 'open'>;
  readonly challenges: ChallengeStore;
  /** Waits before tokens are read again. */
  pause(attempt: number): Promise<void>;
}

/** What is tried: as `Attempt`, on these tokens. */
export interface LoginRequest extends Attempt {
  readonly serials: readonly string[];
}

/** A decision that is written down, and the tokens as they were when it was made. */
export interface Decided {
  readonly decision: LoginDecision;
  readonly candidates: readonly LoginCandidate[];
}

/** With so many at once on one token, each still has its turn. */
const MAX_ATTEMPTS = 60;

/**
 * Decides a login and writes what it changes; for challenges see `challenge.ts`.
 *
 * @throws TokenwrightError `token_revoked` where all tokens are; else whatever is transient: then nothing was accepted
 */
export async function login(request: LoginRequest, settings: Settings, tools: LoginTools): Promise<Decided> {
  const isPin = pinChecker(settings);
  /** Tokens that accepted the password before somebody else wrote them: it is theirs, and no other token's. */
  let contested: ReadonlySet<string> | undefined;
  /** The transaction's challenges, once this login has taken them: nobody else can answer them. */
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

/** The tokens, their secrets opened; those that are gone are left out. */
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

async function challengesOf({ transaction, serials }: LoginRequest, { challenges }: LoginTools) {
  return transaction === null ? [] : challenges.ofTransaction(transaction, serials);
}

/**
 * Decides again after a conflict: where one of the tokens that had accepted the password does not any more, somebody
 * else has used it up, and no other token accepts it either.
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

function acceptingOf({ changes }: LoginDecision): ReadonlySet<string> {
  return new Set([...changes].filter(([, change]) => change.counted === 'success').map(([serial]) => serial));
}

/**
 * Writes the changes: first one token that the decision depends on, then all others, which are read again where
 * somebody wrote them in between.
 *
 * @returns false where the first one was changed by somebody else: nothing is written
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
      // A token that is full by now counts no more, as it would not have alone.
      if (fresh && change.failcount === 'raise' && unusable(fresh, request) !== null) return;
    }
  });
  return true;
}

/** One that came too late is gone after its first answer; a wrong answer is counted. */
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

/** Compares PINs, each once. */
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
