/**
 * Encrypts secrets at rest, bound to what they belong to: an OTP key that is copied to another token does not decrypt.
 * `sealed.ts` has the format, `key-ring.ts` the keys, docs/decisions/0007-secrets-at-rest.md the reasons.
 */
import type { KeyRing } from './key-ring.ts';
import { openSealed, type SecretContext, sealWith, versionOf } from './sealed.ts';

export interface SecretBox {
  /** Encrypts. The result names the key's version, so that keys can be rotated. Equal inputs give equal bytes. */
  seal(plain: Uint8Array, context: SecretContext): Promise<Uint8Array>;
  /** Decrypts. @throws TokenwrightError `bad_secret` if it was sealed for something else, or changed */
  open(sealed: Uint8Array, context: SecretContext): Promise<Uint8Array>;
}

/** Encrypts under the newest key of the ring, and decrypts under the one that the secret names. */
export function secretBox(ring: KeyRing): SecretBox {
  return {
    async seal(plain, context) {
      return sealWith(await ring.newest(), plain, context);
    },
    async open(sealed, context) {
      return openSealed(await ring.byVersion(versionOf(sealed)), sealed, context);
    },
  };
}
