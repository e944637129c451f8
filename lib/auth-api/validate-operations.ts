/** `/validate/*`: logins, and the challenges that they begin with. */

import { type ChallengeTools, challengeAll } from '../authenticate/challenge.ts';
import type { Decision } from '../authenticate/decide.ts';
import { type LoginRequest, type LoginTools, login, readCandidates } from '../authenticate/login.ts';
import type { Settings } from '../authenticate/settings.ts';
import { unusable } from '../authenticate/usable.ts';
import { TokenwrightError } from '../base/error.ts';
import type { Directory } from '../directory/directory.ts';
import { isSameUser } from '../directory/user.ts';
import { readFlag } from '../schema/scalar.ts';
import { isLive } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';
import { type ResponseView, viewAnswer, viewFault } from './envelope.ts';
import {
  ApiFault,
  badParameter,
  missingParameter,
  noSuchUser,
  tokenLocked,
  unknownToken,
  unknownUser,
} from './fault.ts';
import { textOf } from './parameters.ts';
import type { ApiCall, ApiOperations, Done, Prepared } from './serve.ts';
import { type NamedUser, readUser } from './user-parameter.ts';

export interface ValidateTools extends LoginTools, Omit<ChallengeTools, 'tokens'> {
  readonly tokens: LoginTools['tokens'] & Pick<TokenStore, 'serialsOf'>;
  readonly directory: Directory;
  settings(): Promise<Settings>;
  readonly timezone: string;
  /** Does a work so that how long it takes tells nothing of it. */
  inEqualTime<T>(work: () => Promise<T>): Promise<T>;
}

const DETAIL_OF_NONE = { messages: [], multi_challenge: [], transaction_ids: [] };
/** What every refusal says where its reason is hidden. */
const HIDDEN = 'wrong credentials';

export function validateOperations(tools: ValidateTools): ApiOperations {
  const check = { event: 'validate_check', id: 2 as const, wanted: 'client' as const };
  const trigger = { event: 'validate_triggerchallenge', id: 2 as const, wanted: 'admin' as const };
  const poll = { event: 'validate_poll_transaction', id: 2 as const, wanted: 'client' as const, prepare: preparePoll };
  const json = { ...check, prepare: (call: ApiCall) => prepareCheck(call, tools) };
  const bare = {
    ...check,
    prepare: async (call: ApiCall): Promise<Prepared> => {
      const prepared = await prepareCheck(call, tools);
      return { ...prepared, perform: async () => withoutBody(await prepared.perform()) };
    },
  };
  const triggered = { ...trigger, prepare: (call: ApiCall) => prepareTrigger(call, tools) };
  return {
    'GET /validate/check': json,
    'POST /validate/check': json,
    'GET /validate/radiuscheck': bare,
    'POST /validate/radiuscheck': bare,
    'GET /validate/triggerchallenge': triggered,
    'POST /validate/triggerchallenge': triggered,
    'GET /validate/polltransaction': poll,
    'GET /validate/polltransaction/{transaction_id}': poll,
  };
}

/** FreeRADIUS' `rlm_rest` reads the HTTP status alone. */
function withoutBody(done: Done): Done {
  return { ...done, bare: done.value === true ? 204 : 400 };
}

interface Subject {
  readonly named: NamedUser | null;
  readonly serial: string | null;
  readonly settings: Settings;
}

/** Whom and which token a call is about. @throws ApiFault 400 */
async function readSubject({ parameters }: ApiCall, tools: ValidateTools): Promise<Subject> {
  const settings = await tools.settings();
  const serial = textOf(parameters, 'serial') || null;
  if (serial?.includes('*')) throw badParameter('Invalid serial number.');
  const named = await readUser(parameters, settings, tools.directory);
  if (named === null && serial === null) {
    throw badParameter('You need to specify a serial, user or credential_id.');
  }
  return { named, serial, settings };
}

/** What the events of a call say of it. */
function aboutOf({ named, serial }: Subject): Omit<Prepared, 'perform'> {
  const user = named && {
    login: named.login,
    realm: named.realm,
    resolver: named.resolver,
    ...(named.user && { uid: named.user.uid }),
  };
  const { failures: count, failures_since: since } = named?.user ?? {};
  const failures = count === undefined || since === undefined ? undefined : { count, since };
  return { user, failures, ...(serial !== null && { serial }), request: { realm: named?.realm ?? '' } };
}

async function prepareCheck(call: ApiCall, tools: ValidateTools): Promise<Prepared> {
  const subject = await readSubject(call, tools);
  const { parameters } = call;
  const password = textOf(parameters, 'pass');
  if (password === undefined) throw missingParameter("'pass'");
  const attempt = {
    password,
    transaction: textOf(parameters, 'transaction_id') || textOf(parameters, 'state') || null,
    service: textOf(parameters, 'service_id') || null,
    otpOnly: subject.serial !== null && readFlag(parameters.otponly ?? false) === true,
    now: call.now,
    timezone: tools.timezone,
  };
  const work = () => checkPassword(attempt, subject, tools);
  const perform = subject.settings.hide_reason ? () => tools.inEqualTime(() => withoutReason(work)) : work;
  return { ...aboutOf(subject), perform };
}

async function checkPassword(
  attempt: Omit<LoginRequest, 'serials'>,
  subject: Subject,
  tools: ValidateTools,
): Promise<Done> {
  const { named, settings } = subject;
  if (named && named.user === null) {
    if (settings.passOnNoUser) return accept('The user does not exist, and is accepted by the setting passOnNoUser.');
    throw unknownUser(`User <${named.login}@${named.realm}> does not exist.`);
  }
  const serials = await serialsOf(subject, tools);
  if (serials.length === 0) {
    if (!settings.passOnNoToken) return reject('The user has no tokens assigned');
    return accept('The user has no tokens, and is accepted by the setting passOnNoToken.');
  }
  try {
    const { decision, candidates } = await login({ ...attempt, serials }, settings, tools);
    if (decision.outcome !== 'challenged') return answerOf(decision);
    const asked = candidates.filter(({ record }) => decision.serials.includes(record.token.serial));
    return { value: false, detail: await challengeAll(asked, settings, attempt, tools) };
  } catch (error) {
    if (error instanceof TokenwrightError && error.code === 'token_revoked') throw tokenLocked();
    throw error;
  }
}

function answerOf({ outcome, message, about }: Decision): Done {
  return { value: outcome === 'accepted', detail: { message, ...about } };
}
const accept = (message: string): Done => ({ value: true, detail: { message } });
const reject = (message: string): Done => ({ value: false, detail: { message } });

/** The tokens that a login is about. @throws ApiFault where the one that is named is not there, or somebody else's */
async function serialsOf({ named, serial }: Subject, { tokens }: ValidateTools): Promise<readonly string[]> {
  if (serial === null) {
    const owned: string[] = [];
    if (named?.user) for await (const one of tokens.serialsOf(named.user)) owned.push(one);
    return owned;
  }
  const record = await tokens.read(serial);
  if (!isLive(record)) throw unknownToken();
  const owner = record.token.user;
  if (named && !isSameUser(owner, named.user)) {
    throw badParameter('Given serial does not belong to given user!');
  }
  return [serial];
}

/** Answers a refusal, and a fault that tells of user or token, always the same; the event tells the reason. */
async function withoutReason(work: () => Promise<Done>): Promise<Done> {
  const refusal = { value: false, detail: { message: HIDDEN } };
  const hide = (seen: ResponseView): Done => ({ ...refusal, seen });
  try {
    const done = await work();
    const challenges = done.detail?.multi_challenge;
    const isChallenge = Array.isArray(challenges) && challenges.length > 0;
    return done.value === true || isChallenge ? done : hide(viewAnswer(2, done));
  } catch (error) {
    if (error instanceof ApiFault) return hide(viewFault(error));
    throw error;
  }
}

async function prepareTrigger(call: ApiCall, tools: ValidateTools): Promise<Prepared> {
  const subject = await readSubject(call, tools);
  const { parameters, now } = call;
  const wanted = textOf(parameters, 'type')?.toLowerCase();
  const moment = { now, timezone: tools.timezone };
  const perform = async (): Promise<Done> => {
    const { named, settings } = subject;
    if (named && named.user === null) throw noSuchUser();
    const serials = await serialsOf(subject, tools).catch((error: unknown) => {
      if (error instanceof ApiFault) return [];
      throw error;
    });
    const candidates = await readCandidates({ ...moment, serials }, [], settings, tools);
    const asked = candidates.filter(({ record, type }) => {
      const isMeant = type.challenged !== undefined && (!wanted || type.name === wanted);
      return isMeant && !record.token.revoked && unusable(record, moment) === null;
    });
    if (asked.length === 0) return { value: 0, detail: DETAIL_OF_NONE };
    const detail = await challengeAll(asked, settings, moment, tools);
    return { value: detail.multi_challenge.length, detail };
  };
  return { ...aboutOf(subject), perform };
}

/** Answered challenges are gone, and none of these types is answered out of band: to whoever asks, all are pending. */
async function preparePoll({ parameters }: ApiCall): Promise<Prepared> {
  const transaction = textOf(parameters, 'transaction_id');
  if (!transaction) throw missingParameter("'transaction_id'");
  return { perform: async () => ({ value: false, detail: { challenge_status: 'pending' } }) };
}
