/** Secrets in tests that start no stack: the real sealing, under keys that lie open in memory. */
import { createHash } from 'node:crypto';
import { type SecretBox, secretBox } from '../../lib/secret/box.ts';
import { type KeyRing, type KeyWrapper, keyRing, type WrappedKey } from '../../lib/secret/key-ring.ts';

const openWrapper: KeyWrapper = {
  async generate(version) {
    const key = createHash('sha256').update(`the key of the tests ${version}`).digest();
    return { key, wrapped: key };
  },
  unwrap: async (wrapped) => wrapped,
};

export function memoryRing(): KeyRing {
  const keys: WrappedKey[] = [];
  const table = {
    newest: async () => keys.at(-1),
    read: async (version: number) => keys[version - 1],
    add: async (key: WrappedKey) => keys.push(key) > 0,
  };
  return keyRing(table, openWrapper, () => 0);
}

export function memoryBox(): SecretBox {
  return secretBox(memoryRing());
}
