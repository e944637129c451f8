/** A directory in memory, of the items that an import makes: for what is tried out without a stack. */
import type { Directory } from './directory.ts';
import { type ItemKey, itemDirectory } from './item-directory.ts';

/** @param items with their keys; of two with the same key the later one counts */
export function memoryDirectory(items: readonly (ItemKey & Readonly<Record<string, unknown>>)[]): Directory {
  const partitions = new Map<string, Map<string, unknown>>();
  for (const item of items) {
    const partition = partitions.get(item.pk) ?? new Map<string, unknown>();
    partitions.set(item.pk, partition.set(item.sk, item));
  }
  return itemDirectory({
    get: async ({ pk, sk }) => partitions.get(pk)?.get(sk),
    async *query(pk) {
      const partition = [...(partitions.get(pk) ?? [])];
      yield* partition.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
    },
  });
}
