/** HOTP (RFC 4226): passwords by counter. */
import { checkKey, hashlib, keyParameters, makeKey, otplen } from '../hmac-key.ts';
import { announceKey } from '../key-uri.ts';
import { HASH, hashOf, lastHotp, resyncHotp, verifyHotp } from '../one-time-password.ts';
import { defineTokenType, type NewSecret } from '../token-type.ts';

export const hotp = defineTokenType({
  name: 'hotp',
  prefix: 'OATH',
  description: 'One-time passwords by counter (RFC 4226), by an app or a hardware token.',
  tokenkind: 'software',
  parameters: { ...keyParameters, hashlib, otplen },
  check: checkKey,
  async make(parameters, source) {
    const { hashlib: hash = 'sha1', otplen: digits = 6 } = parameters;
    return { secret: await makeKey(parameters, hash, source), otplen: digits, info: { hashlib: hash } };
  },
  announce: (made: NewSecret, naming) => {
    const { secret, otplen: digits } = made;
    return secret ? announceKey({ secret, algorithm: hashOf(made), digits }, naming) : {};
  },
  stored: { hashlib: HASH },
  verify: verifyHotp,
  challenged: 'by setting',
  lastUsed: lastHotp,
  resync: resyncHotp,
});
