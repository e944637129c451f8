/**
 * `/validate/triggerchallenge` makes challenges without a PIN; `/validate/polltransaction` tells whether one is
 * answered.
 */
import { challengeAll } from '../../authenticate/challenge.ts';
import { readCandidates } from '../../authenticate/login.ts';
import { ApiFault } from '../fault.ts';
import { presentText } from '../parameter-values.ts';
import type { Done, RouteHandler } from '../serve.ts';
import { noUserOf } from '../user-parameter.ts';
import { eventFieldsOfSubject, readSubject, serialsOf, type ValidateTools } from './validate-subject.ts';

const NO_CHALLENGES = { messages: [], multi_challenge: [], transaction_ids: [] };

export const triggerChallenges: RouteHandler<ValidateTools> = async (call, tools) => {
  const subject = await readSubject(call, tools);
  const moment = { now: call.now, timezone: tools.timezone };
  const perform = async (): Promise<Done> => {
    const { named, settings } = subject;
    if (named && named.user === null) throw await noUserOf(named.realm, tools);
    const serials = await serialsOf(subject, tools).catch((error: unknown) => {
      if (error instanceof ApiFault) return [];
      throw error;
    });
    const candidates = await readCandidates({ ...moment, serials }, [], settings, tools);
    const asked = candidates.filter(({ record: { token }, type }) => {
      return type.challenged !== undefined && token.active && !token.revoked;
    });
    if (asked.length === 0) return { value: 0, detail: NO_CHALLENGES };
    const detail = await challengeAll(asked, settings, moment, tools);
    return { value: detail.multi_challenge.length, detail };
  };
  return { ...eventFieldsOfSubject(subject), perform };
};

/** Answers "pending", always: no token type here is answered out of band, and an answered challenge is deleted. */
export const pollTransaction: RouteHandler<unknown> = async ({ parameters }) => {
  presentText(parameters, 'transaction_id');
  return { perform: async () => ({ value: false, detail: { challenge_status: 'pending' } }) };
};
