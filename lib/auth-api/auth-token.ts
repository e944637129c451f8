/**
 * Signs and verifies the tokens of `/auth`: JWTs (RFC 7519), signed with HS256 under a data key of their own. Their
 * payload encodes to base64url without `-` and `_`, because Java clients decode it as base64.
 */
import { randomBytes } from 'node:crypto';
import { CompactSign, compactVerify, decodeProtectedHeader, errors } from 'jose';
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { check } from '../schema/validate.ts';
import type { KeyRing } from '../secret/key-ring.ts';
import { type ApiFault, notAuthenticated } from './fault.ts';

export interface AuthTokens {
  /** Signs a token for an administrator. @param now in milliseconds since 1970 @param lifetime in seconds */
  sign(username: string, now: number, lifetime?: number): Promise<string>;
  /**
   * Verifies a token.
   * @param now in milliseconds since 1970
   * @returns the administrator
   * @throws ApiFault 4304 if this stack has not signed it, 4305 if it has expired
   */
  verify(token: string, now: number): Promise<{ readonly username: string; readonly role: string }>;
}

const LIFETIME_IN_SECONDS = 3600;
const Claims = z.looseObject({ username: z.string(), role: z.string(), exp: z.number() });

/** Makes the signer and verifier. @param ring the signing keys; a token names the version of its key (`kid`) */
export function authTokens(ring: Pick<KeyRing, 'newest' | 'byVersion'>): AuthTokens {
  return {
    async sign(username, now, lifetime = LIFETIME_IN_SECONDS) {
      const { version, key } = await ring.newest();
      const claims = {
        username,
        realm: '',
        nonce: randomBytes(20).toString('hex'),
        role: 'admin',
        authtype: 'password',
        exp: Math.floor(now / 1000) + lifetime,
        rights: [],
      };
      const payload = new TextEncoder().encode(escaped(JSON.stringify(claims)));
      return new CompactSign(payload).setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: String(version) }).sign(key);
    },

    async verify(token, now) {
      if (token.split('.').length !== 3) throw undecodable('Not enough segments');
      const payload = await readSigned(token, ring);
      const claims = check(Claims, parseJson(payload), 'bad_token');
      if (!claims.ok) throw undecodable('Invalid payload');
      if (claims.value.exp * 1000 <= now) {
        throw notAuthenticated(4305, 'Your token has expired: Signature has expired');
      }
      return claims.value;
    },
  };
}

/** Verifies the signature. @returns the payload @throws ApiFault 4304 */
async function readSigned(token: string, ring: Pick<KeyRing, 'byVersion'>): Promise<Uint8Array> {
  try {
    const { kid } = decodeProtectedHeader(token);
    const version = /^[1-9]\d{0,9}$/.test(kid ?? '') ? Number(kid) : 0;
    const { key } = await ring.byVersion(version);
    return (await compactVerify(token, key, { algorithms: ['HS256'] })).payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) throw undecodable('Signature verification failed');
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw undecodable('Invalid header string');
    if (error instanceof TokenwrightError) throw undecodable('Signature verification failed');
    throw error;
  }
}

function undecodable(why: string): ApiFault {
  return notAuthenticated(4304, `Error decoding the Authorization token: ${why}`);
}

/** Escapes the characters that base64url would encode with `-` or `_`: `>`, `?`, `~`, DEL and non-ASCII ones. */
function escaped(json: string): string {
  return json.replace(/[>?~\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload)) as unknown;
  } catch {
    return undefined;
  }
}
