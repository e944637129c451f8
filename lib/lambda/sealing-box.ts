/** Makes the box of a function that seals or opens secrets, apart from the runtime to keep bundles small. */
import { documentClient } from '../aws/clients.ts';
import { processClock } from '../base/clock.ts';
import { type SecretBox, secretBox } from '../secret/box.ts';
import { type KeyTable, type KeyWrapper, keyRing, type RingName } from '../secret/key-ring.ts';
import { kmsClient, kmsWrapper } from '../secret/kms.ts';
import { keyTable } from '../secret/store.ts';

interface SealingNames {
  readonly SECRETS_KEY_ID: string;
  readonly SECRET_KEYS_TABLE: string;
  readonly REQUEST_TIMEOUT_MS: number;
}

/** Makes the box on the ring of data keys. */
export function sealingBox(names: SealingNames): SecretBox {
  return secretBox(keyRing(...sealingKeys(names, 'data'), () => processClock().now()));
}

/** Makes the arguments of a key ring: its table of wrapped keys, and the KMS key that wraps them. */
export function sealingKeys(names: SealingNames, ring: RingName): [KeyTable, KeyWrapper] {
  const documents = documentClient(names.REQUEST_TIMEOUT_MS);
  const wrapper = kmsWrapper(names.SECRETS_KEY_ID, kmsClient(names.REQUEST_TIMEOUT_MS), ring);
  return [keyTable(documents, names.SECRET_KEYS_TABLE, ring), wrapper];
}
