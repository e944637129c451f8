/** Opens and seals secrets of a stack. KMS is loaded and called only for the first secret. */
import { documentClient } from '../../lib/aws/clients.ts';
import { type SecretBox, secretBox } from '../../lib/secret/box.ts';
import type { KeyRing, RingName } from '../../lib/secret/key-ring.ts';
import type { Tables } from './environment.ts';

/** Returns the stack's data keys: the ring that seals secrets, or the ring that signs the auth tokens of `/auth`. */
export async function stackRing({ secretKeys, secretsKey }: Tables, ring: RingName = 'data'): Promise<KeyRing> {
  const { kmsClient, kmsWrapper } = await import('../../lib/secret/kms.ts');
  const { keyRing } = await import('../../lib/secret/key-ring.ts');
  const { keyTable } = await import('../../lib/secret/store.ts');
  return keyRing(keyTable(documentClient(), secretKeys, ring), kmsWrapper(secretsKey, kmsClient(), ring), () =>
    Date.now(),
  );
}

/** Makes the box of a stack, which loads its keys with the first secret. */
export function stackBox(tables: Tables): SecretBox {
  let box: Promise<SecretBox> | undefined;
  const opened = (): Promise<SecretBox> => (box ??= stackRing(tables).then(secretBox));
  return {
    seal: async (plain, context) => (await opened()).seal(plain, context),
    open: async (sealed, context) => (await opened()).open(sealed, context),
  };
}
