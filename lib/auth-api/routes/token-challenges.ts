/** `GET /token/challenges`: the pending challenges of one token, a page at a time. */
import type { ChallengeStore, StoredChallenge } from '../../authenticate/challenge-store.ts';
import { isoTime } from '../../base/clock.ts';
import { missingParameter } from '../fault.ts';
import { eventFieldsOf, readNamedToken, type TokenLookup } from '../named-tokens.ts';
import { textOf } from '../parameter-values.ts';
import type { RouteHandler } from '../serve.ts';
import { readPage } from './page.ts';

export interface TokenChallengeTools extends Pick<TokenLookup, 'tokens'> {
  readonly challenges: Pick<ChallengeStore, 'ofToken'>;
}

/** Requires a serial: the challenges are stored by token. */
export const listChallenges: RouteHandler<TokenChallengeTools> = async ({ parameters }, tools) => {
  if (!textOf(parameters, 'serial')) throw missingParameter("'serial'");
  const record = await readNamedToken(parameters, tools);
  const transaction = textOf(parameters, 'transaction_id') ?? '';
  const page = readPage(parameters);
  return {
    ...eventFieldsOf([record]),
    async perform() {
      const all = await tools.challenges.ofToken(record.token.serial);
      const found = all
        .filter((one) => transaction === '' || one.transaction === transaction)
        .sort((a, b) => a.at - b.at);
      const { items, ...place } = page(found);
      return { value: { challenges: items.map(shown), ...place } };
    },
  };
};

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
