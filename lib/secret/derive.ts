/**
 * Derives generated secrets, which must be the same on a redelivery and must not be stored readable: HMAC-SHA-256 under a
 * key of the stack, over the step's id and a purpose, mapped to an alphabet by rejection sampling, so that all characters
 * are equally likely.
 */

/** HMAC-SHA-256 under the stack's derivation key: KMS `GenerateMac`. */
export type Mac = (message: string) => Promise<Uint8Array>;

export interface SecretDeriver {
  /**
   * Derives a text of `length` characters of `alphabet`, always the same for the same step and purpose.
   * @param purpose separates the secrets of one step
   */
  text(stepId: string, purpose: string, alphabet: string, length: number): Promise<string>;
  /** Derives bytes. */
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
