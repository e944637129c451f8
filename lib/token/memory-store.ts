/** Tokens in memory, to be read: for what is tried out without a stack. */
import { ownerKey } from './item.ts';
import type { TokenRecord } from './record.ts';
import type { TokenStore } from './store.ts';

export function memoryTokens(records: readonly TokenRecord[]): Pick<TokenStore, 'read' | 'serialsOf'> {
  const bySerial = new Map(records.map((record) => [record.token.serial, record]));
  const byOwner = new Map<string, string[]>();
  for (const { token } of records) {
    if (!token.user) continue;
    const owned = byOwner.get(ownerKey(token.user));
    if (owned) owned.push(token.serial);
    else byOwner.set(ownerKey(token.user), [token.serial]);
  }
  for (const owned of byOwner.values()) owned.sort();
  return {
    read: async (serial) => bySerial.get(serial),
    async *serialsOf(owner, after = '') {
      yield* (byOwner.get(ownerKey(owner)) ?? []).filter((serial) => serial > after);
    },
  };
}
