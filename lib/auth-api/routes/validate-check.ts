/**
 * `/validate/check` and `/validate/radiuscheck`: checks a password, and answers with challenges where one is needed.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { challengeAll } from '../../authenticate/challenge.ts';
import type { LoginDecision } from '../../authenticate/decision.ts';
import { type LoginRequest, login } from '../../authenticate/login.ts';
import { TokenwrightError } from '../../base/error.ts';
import { readFlag } from '../../schema/scalar.ts';
import { type ResponseView, viewAnswer, viewFault } from '../envelope.ts';
import { ApiFault, missingParameter, tokenLocked, unknownUser } from '../fault.ts';
import { textOf } from '../parameter-values.ts';
import type { Done, RouteHandler } from '../serve.ts';
import { eventFieldsOfSubject, readSubject, type Subject, serialsOf, type ValidateTools } from './validate-subject.ts';

/** The message of every refusal whose reason is hidden. */
const HIDDEN = 'wrong credentials';

export const checkPassword: RouteHandler<ValidateTools> = async (call, tools) => {
  const subject = await readSubject(call, tools);
  const { parameters } = call;
  const attempt = {
    password: textOf(parameters, 'pass') ?? null,
    transaction: textOf(parameters, 'transaction_id') || textOf(parameters, 'state') || null,
    service: textOf(parameters, 'service_id') || null,
    otpOnly: subject.serial !== null && readFlag(parameters.otponly ?? false) === true,
    now: call.now,
    timezone: tools.timezone,
  };
  const work = () => logIn(attempt, subject, tools);
  const perform = subject.settings.hide_reason ? () => tools.inEqualTime(() => withoutReason(work)) : work;
  return { ...eventFieldsOfSubject(subject), perform };
};

/** Does the same as `checkPassword`, but answers only with the HTTP status, for FreeRADIUS' `rlm_rest`. */
export const checkForRadius: RouteHandler<ValidateTools> = async (call, tools) => {
  const prepared = await checkPassword(call, tools);
  return {
    ...prepared,
    async perform() {
      const done = await prepared.perform();
      return { ...done, bare: done.value === true ? 204 : 400 };
    },
  };
};

async function logIn(attempt: Omit<LoginRequest, 'serials'>, subject: Subject, tools: ValidateTools): Promise<Done> {
  const { named, serial, settings } = subject;
  if (named && named.user === null && serial === null) {
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

function answerOf(decision: LoginDecision): Done {
  if ('isWithoutPassword' in decision) throw missingParameter("'pass'");
  const { outcome, message, about } = decision;
  return { value: outcome === 'accepted', detail: { message, ...about } };
}
const accept = (message: string): Done => ({ value: true, detail: { message } });
const reject = (message: string): Done => ({ value: false, detail: { message } });

/** Gives every refusal and fault the same answer; the event keeps the reason. */
async function withoutReason(work: () => Promise<Done>): Promise<Done> {
  const refusal = { value: false, detail: { message: HIDDEN } };
  const hide = (responseInEvent: ResponseView): Done => ({ ...refusal, responseInEvent });
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

/** Longer than a refusal takes, with the PINs of several tokens and a write; a longer one takes a multiple of it. */
const STEP_MS = 500;

const PROCESS_TIME = { now: () => performance.now(), wait: (ms: number): Promise<void> => wait(ms) };

/** Settles at the next full step after its beginning, so that a clock does not reveal the reason of a refusal. */
export async function inEqualTime<T>(work: () => Promise<T>, time = PROCESS_TIME): Promise<T> {
  const began = time.now();
  try {
    return await work();
  } finally {
    const taken = time.now() - began;
    await time.wait(Math.ceil(taken / STEP_MS) * STEP_MS - taken);
  }
}
