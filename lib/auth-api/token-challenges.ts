/** `GET /token/challenges/`: the challenges of a token that are under way. */
import type { ChallengeStore, StoredChallenge } from '../authenticate/challenge-store.ts';
import { isoTime } from '../base/clock.ts';
import { missingParameter } from './fault.ts';
import { readNamedToken, type TokenSources } from './named-tokens.ts';
import { textOf } from './parameters.ts';
import type { ApiCall, ApiOperations, Prepared } from './serve.ts';
import { about } from './token-changes.ts';
import { numberOf } from './token-settings.ts';

export interface TokenChallengeTools extends TokenSources {
  readonly challenges: Pick<ChallengeStore, 'ofToken'>;
}

const PAGE_SIZE = 15;

/** Challenges lie by token: without a serial they are not listed. */
export function tokenChallengeOperations(tools: TokenChallengeTools): ApiOperations {
  const list = {
    event: 'token_getchallenges',
    id: 1,
    wanted: 'admin',
    prepare: (call: ApiCall) => prepare(call, tools),
  } as const;
  return { 'GET /token/challenges': list, 'GET /token/challenges/{serial}': list };
}

async function prepare({ parameters }: ApiCall, tools: TokenChallengeTools): Promise<Prepared> {
  if (!textOf(parameters, 'serial')) throw missingParameter("'serial'");
  const record = await readNamedToken(parameters, tools);
  const transaction = textOf(parameters, 'transaction_id') ?? '';
  const page = numberOf(parameters, 'page', 1) ?? 1;
  const size = numberOf(parameters, 'pagesize', 1) ?? PAGE_SIZE;
  return {
    ...about([record]),
    async perform() {
      const all = await tools.challenges.ofToken(record.token.serial);
      const found = all
        .filter((one) => transaction === '' || one.transaction === transaction)
        .sort((a, b) => a.at - b.at);
      const count = found.length;
      const place = {
        count,
        current: page,
        next: page * size < count ? page + 1 : null,
        prev: page > 1 ? page - 1 : null,
      };
      return { value: { challenges: found.slice((page - 1) * size, page * size).map(shown), ...place } };
    },
  };
}

function shown({ serial, transaction, at, expires, text, received }: StoredChallenge, index: number): object {
  return {
    id: index + 1,
    transaction_id: transaction,
    serial,
    challenge: text,
    data: '',
    timestamp: isoTime(at),
    expiration: isoTime(expires),
    otp_received: received > 0,
    received_count: received,
    otp_valid: false,
  };
}
