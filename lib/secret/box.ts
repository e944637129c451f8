/**
 * Secrets at rest are sealed, and bound to what they belong to: a sealed OTP key that is copied to another
 * token does not open. Behind this interface is KMS on AWS, and a key file on one machine.
 */

/** What a sealed secret belongs to; authenticated, and not secret itself. */
export type SecretContext =
  | { readonly purpose: 'otpkey'; readonly serial: string }
  | { readonly purpose: 'definition'; readonly option: string };

export interface SecretBox {
  /** Encrypts. The result names the key's version, so that keys can be rotated. */
  seal(plain: Uint8Array, context: SecretContext): Promise<Uint8Array>;
  /** Decrypts. @throws TokenwrightError `bad_secret` where it was sealed for something else, or changed */
  open(sealed: Uint8Array, context: SecretContext): Promise<Uint8Array>;
}
