/** KMS: MACs, from which secrets are derived, and data keys, under which secrets are stored. */
import { randomBytes } from 'node:crypto';
import { TokenwrightError } from '../../../lib/base/error.ts';
import { record } from '../json.ts';
import type { EncryptionContext, Keys } from '../keys.ts';
import type { KmsKey } from '../wiring.ts';
import { AwsRefusal, blob, type Operations, required } from './operation.ts';

const MAC_ALGORITHM = 'HMAC_SHA_256';
const ENCRYPTION_ALGORITHM = 'SYMMETRIC_DEFAULT';

export function kms(keys: Keys): Operations {
  const keyOf = (given: string, spec: string): KmsKey => {
    try {
      const key = keys.find(given);
      if (key.spec === spec) return key;
    } catch (error) {
      throw new AwsRefusal(
        'NotFoundException',
        error instanceof Error ? error.message : `Key '${given}' does not exist`,
      );
    }
    throw new AwsRefusal('InvalidKeyUsageException', `${given} is no ${spec} key.`);
  };

  return {
    GenerateMac: (input) => {
      const key = keyOf(required(input, 'KeyId'), 'HMAC_256');
      requireAlgorithm(input.MacAlgorithm);
      const Mac = keys.mac(key, blob(input, 'Message')).toString('base64');
      return { Mac, MacAlgorithm: MAC_ALGORITHM, KeyId: key.arn };
    },

    GenerateDataKey: (input) => {
      const key = keyOf(required(input, 'KeyId'), ENCRYPTION_ALGORITHM);
      if (input.KeySpec !== 'AES_256') throw new AwsRefusal('ValidationException', 'keySpec: AES_256 is made here');
      const plaintext = randomBytes(32);
      const ciphertext = keys.encrypt(key, plaintext, contextOf(input.EncryptionContext));
      return {
        Plaintext: plaintext.toString('base64'),
        CiphertextBlob: ciphertext.toString('base64'),
        KeyId: key.arn,
      };
    },

    Decrypt: (input) => {
      try {
        const { key, plaintext } = keys.decrypt(blob(input, 'CiphertextBlob'), contextOf(input.EncryptionContext));
        return { Plaintext: plaintext.toString('base64'), KeyId: key.arn, EncryptionAlgorithm: ENCRYPTION_ALGORITHM };
      } catch (error) {
        if (error instanceof TokenwrightError) throw new AwsRefusal('InvalidCiphertextException', error.message);
        throw error;
      }
    },
  };
}

function requireAlgorithm(given: unknown): void {
  if (given !== MAC_ALGORITHM)
    throw new AwsRefusal('ValidationException', `macAlgorithm: ${String(given)} is not ${MAC_ALGORITHM}`);
}

function contextOf(value: unknown): EncryptionContext {
  return Object.fromEntries(Object.entries(record(value)).map(([name, given]) => [name, String(given)]));
}
