/**
 * Generated secrets must be the same on a redelivery and must not be stored readable: they are derived,
 * by HMAC-SHA-256 under a secret of the stack, from the step's id and a purpose,
 * and turned into an alphabet by rejection sampling, so that no letter is likelier.
 */

/** HMAC-SHA-256 under the stack's derivation key: KMS `GenerateMac`. */
export type Mac = (message: string) => Promise<Uint8Array>;

export interface SecretDeriver {
  /**
   * A text of `length` characters of `alphabet`, always the same for the same step and purpose.
   * @param purpose what it is for, so that two secrets of one step differ
   */
  text(stepId: string, purpose: string, alphabet: string, length: number): Promise<string>;
  /** As `text`, but of all 256 bytes. */
  bytes(stepId: string, purpose: string, length: number): Promise<Uint8Array>;
}

export function secretDeriver(mac: Mac): SecretDeriver {
  return {
    async text(stepId, purpose, alphabet, length) {
      const limit = 256 - (256 % alphabet.length);
      let text = '';
      for (let block = 0; text.length < length; block += 1) {
        const bytes = await mac(JSON.stringify([stepId, purpose, block]));
        for (const byte of bytes) {
          if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length];
        }
      }
      return text;
    },

    async bytes(stepId, purpose, length) {
      const blocks: Uint8Array[] = [];
      for (let made = 0; made < length; made += blocks.at(-1)?.length ?? 0) {
        blocks.push(await mac(JSON.stringify([stepId, purpose, blocks.length])));
      }
      return Buffer.concat(blocks).subarray(0, length);
    },
  };
}

export const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
