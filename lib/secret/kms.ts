/** The stack's two keys in KMS: one that secrets are derived from, one that wraps the data keys. Neither leaves KMS. */
import {
  DecryptCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  InvalidCiphertextException,
  KMSClient,
} from '@aws-sdk/client-kms';
import { requestHandler } from '../aws/clients.ts';
import type { Mac } from './derive.ts';
import type { KeyWrapper, RingName } from './key-ring.ts';
import { badSecret } from './sealed.ts';

/** Derives by an HMAC key in KMS. @param keyId the key's id or ARN */
export function kmsMac(keyId: string, client: KMSClient): Mac {
  return async (message) => {
    const { Mac: mac } = await client.send(
      new GenerateMacCommand({
        KeyId: keyId,
        MacAlgorithm: 'HMAC_SHA_256',
        Message: new TextEncoder().encode(message),
      }),
    );
    if (mac === undefined) throw new Error('KMS answered without a MAC');
    return mac;
  };
}

/** Wraps by a symmetric key in KMS. @param keyId the key's id, ARN or alias @param ring whose keys open in no other ring */
export function kmsWrapper(keyId: string, client: KMSClient, ring: RingName = 'data'): KeyWrapper {
  const contextOf = (version: number) => ({ purpose: `tokenwright ${ring} key`, version: String(version) });
  return {
    async generate(version) {
      const generate = new GenerateDataKeyCommand({
        KeyId: keyId,
        KeySpec: 'AES_256',
        EncryptionContext: contextOf(version),
      });
      const { Plaintext: key, CiphertextBlob: wrapped } = await client.send(generate);
      if (key === undefined || wrapped === undefined) throw new Error('KMS answered without a data key');
      return { key, wrapped };
    },

    async unwrap(wrapped, version) {
      const decrypt = new DecryptCommand({
        KeyId: keyId,
        CiphertextBlob: wrapped,
        EncryptionContext: contextOf(version),
      });
      try {
        const { Plaintext: key } = await client.send(decrypt);
        if (key === undefined) throw new Error('KMS answered without a data key');
        return key;
      } catch (error) {
        if (!(error instanceof InvalidCiphertextException)) throw error;
        throw badSecret(`the data key ${version} was not wrapped by the stack's key`, { cause: error });
      }
    },
  };
}

/** @param requestTimeout how long an answer may take, in milliseconds */
export function kmsClient(requestTimeout?: number): KMSClient {
  return new KMSClient({ requestHandler: requestHandler(requestTimeout) });
}
