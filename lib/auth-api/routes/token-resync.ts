/**
 * `/token/resync`: sets the counter of a token that has run ahead of its window, by two consecutive passwords (RFC 4226,
 * section 7.4).
 */
import type { SecretBox } from '../../secret/box.ts';
import type { TokenRecord } from '../../token/record.ts';
import { findTokenType } from '../../tokentype/catalogue.ts';
import type { NextState } from '../../tokentype/token-type.ts';
import { changeToken } from '../change-token.ts';
import { severalTokens, tokenLocked } from '../fault.ts';
import { eventFieldsOf, readNamedTokens } from '../named-tokens.ts';
import { presentText } from '../parameter-values.ts';
import type { RouteHandler } from '../serve.ts';
import type { TokenChangeTools } from './token-changes.ts';

export interface TokenResyncTools extends TokenChangeTools {
  readonly box: Pick<SecretBox, 'open'>;
}

/** Types that privacyIDEA tries to resynchronize in vain; of all others without a counter it answers null. */
const NEVER_IN_STEP: readonly string[] = ['tan', 'daypassword'];

export const resyncToken: RouteHandler<TokenResyncTools> = async ({ parameters, now }, tools) => {
  const { records } = await readNamedTokens(parameters, tools);
  const [record] = records;
  if (!record || records.length > 1) throw severalTokens();
  return {
    ...eventFieldsOf([record]),
    async perform() {
      // An empty text is a wrong password.
      const passwords = [presentText(parameters, 'otp1'), presentText(parameters, 'otp2')] as const;
      if (record.token.revoked) throw tokenLocked();
      const { tokentype } = record.token;
      if (!findTokenType(tokentype)?.resync) return { value: NEVER_IN_STEP.includes(tokentype) ? false : null };
      const secret = await openSecret(record, tools);
      // A token that was imported without its key has no passwords.
      if (secret.length === 0) return { value: false };
      const before = await changeToken(record, (present) => resynced(present, secret, passwords, now), tools);
      return { value: before !== null };
    },
  };
};

async function openSecret({ otpkey, token: { serial } }: TokenRecord, { box }: TokenResyncTools): Promise<Uint8Array> {
  return otpkey ? box.open(otpkey, { purpose: 'otpkey', serial }) : new Uint8Array();
}

/** Makes the record after the second password; `null`: the two are not consecutive. */
function resynced(
  record: TokenRecord,
  secret: Uint8Array,
  [first, second]: readonly [string, string],
  now: number,
): TokenRecord | null {
  const { token } = record;
  const resync = findTokenType(token.tokentype)?.resync;
  const found = resync?.find(secret, token, first, now, 'next') ?? null;
  if (!resync || found === null) return null;
  const afterFirst = { ...token, count: resync.settle(token, found, now).count ?? token.count };
  if (resync.find(secret, afterFirst, second, now, 'next') !== found + 1) return null;
  return withState(record, resync.settle(token, found + 1, now));
}

function withState(record: TokenRecord, { count, info }: NextState): TokenRecord {
  const { token } = record;
  return { ...record, token: { ...token, count: count ?? token.count, info: { ...token.info, ...info } } };
}
