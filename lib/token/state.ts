/**
 * The states that a sparse index lists tokens by: those without an owner, and those that are disabled. The same words
 * are attributes of the item, names of the indexes, and targets of definitions.
 */
import type { TokenRecord } from './record.ts';

export const TOKEN_STATES = ['unassigned', 'disabled'] as const;
export type TokenState = (typeof TOKEN_STATES)[number];

/** A single index partition takes about 1,000 writes a second, so each state is spread. */
export const SHARDS = 16;

/** The partition of a state's index. @param shard from 0 to `SHARDS` - 1 */
export function shardKey(state: TokenState, shard: number): string {
  return `${state}#${shard}`;
}

/** Which shard a token belongs to, whatever its state. */
export function shardOf(serial: string): number {
  return [...serial].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % SHARDS, 0);
}

/** Whether a token is there and in that state. */
export function isInState({ token, deletedAt }: Pick<TokenRecord, 'token' | 'deletedAt'>, state: TokenState): boolean {
  if (deletedAt !== null) return false;
  return state === 'unassigned' ? token.user === null : !token.active;
}
