/** The derivation key on AWS: KMS `GenerateMac` with an HMAC key that never leaves KMS. */
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import type { Mac } from './derive.ts';

/** @param keyId the key's id or ARN */
export function kmsMac(keyId: string, client: KMSClient = new KMSClient({})): Mac {
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
