/**
 * Changes a token for an administrator. Each assignment is stamped with the call's time, as an action's is: an older
 * event that arrives later does not undo it.
 */
import { applyEffects } from '../token/apply.ts';
import type { Effect } from '../token/effect.ts';
import { isLive, type TokenRecord } from '../token/record.ts';
import type { Stamp } from '../token/stamp.ts';
import type { TokenStore } from '../token/store.ts';
import { tokenLocked, unknownTokens } from './fault.ts';

export interface ChangeTools {
  readonly tokens: Pick<TokenStore, 'read' | 'replace'>;
  /** Waits before the token is read again. */
  pause(attempt: number): Promise<void>;
}

const MAX_ATTEMPTS = 12;

/**
 * Writes a change; on a conflict reads the token again and computes the change again.
 *
 * @param first the record that was read
 * @param change returns the new record, or `null` to change nothing
 * @returns the record before the change; `null` if nothing was changed
 * @throws ApiFault 404 where the token was deleted meanwhile
 */
export async function changeToken(
  first: TokenRecord,
  change: (record: TokenRecord) => TokenRecord | null,
  { tokens, pause }: ChangeTools,
): Promise<TokenRecord | null> {
  const { serial } = first.token;
  let record = first;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const changed = change(record);
    if (changed === null) return null;
    if (await tokens.replace(record, { ...changed, version: record.version + 1 })) return record;
    await pause(attempt);
    const again = await tokens.read(serial);
    if (!isLive(again)) throw unknownTokens([serial]);
    record = again;
  }
  throw new Error(`the token ${serial} was changed by others ${MAX_ATTEMPTS} times in a row`);
}

/**
 * Makes the stamp of a call's changes.
 *
 * @param id of the request, and so of its event
 * @param time in milliseconds since 1970
 */
export function stampOf(id: string, time: number): Stamp {
  return { time, ordering: 0, definition: 0, event: id };
}

/** Applies effects to a token. @throws ApiFault 400 if it is revoked, which is final */
export function apply(record: TokenRecord, effects: readonly Effect[], stamp: Stamp): TokenRecord {
  if (record.token.revoked) throw tokenLocked();
  return applyEffects(record, effects, stamp).record;
}
