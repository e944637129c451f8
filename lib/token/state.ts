/**
 * The states by which sparse indexes list tokens: without an owner, and disabled. The same words are attributes of the item,
 * names of the indexes, and targets of definitions.
 */
import type { TokenRecord } from './record.ts';

export const TOKEN_STATES = ['unassigned', 'disabled'] as const;
export type TokenState = (typeof TOKEN_STATES)[number];

/** The number of index partitions for each state; one takes about 1,000 writes per second. */
export const SHARDS = 16;

/** Returns the partition key of a state's index. @param shard from 0 to `SHARDS` - 1 */
export function shardKey(state: TokenState, shard: number): string {
  return `${state}#${shard}`;
}

/** Returns the shard of a token, which is the same in all states. */
export function shardOf(serial: string): number {
  return [...serial].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % SHARDS, 0);
}

/** Tells whether a token exists and is in a state. */
export function isInState({ token, deletedAt }: Pick<TokenRecord, 'token' | 'deletedAt'>, state: TokenState): boolean {
  if (deletedAt !== null) return false;
  return state === 'unassigned' ? token.user === null : !token.active;
}
