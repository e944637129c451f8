/**
 * Changes a token by a call of an administrator: through the store, each assignment with its stamp, so that a
 * definition sees it and an event that is older, and comes later, leaves it alone.
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

/** What a call makes of a record; `null`: nothing. */
export type Change = (record: TokenRecord) => TokenRecord | null;

const MAX_ATTEMPTS = 12;

/**
 * Writes a change, decided again where somebody else wrote in between.
 *
 * @param first the record as it was read
 * @returns the record that was changed, as it was before; `null` where nothing was
 * @throws ApiFault 404 where the token is gone meanwhile
 */
export async function changeToken(
  first: TokenRecord,
  change: Change,
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

/** When and by what a call changes: its own event. @param id of the request @param time in milliseconds since 1970 */
export function stampOf(id: string, time: number): Stamp {
  return { time, ordering: 0, definition: 0, event: id };
}

/** The effects on a token. @throws ApiFault 400 where it is revoked, which is final */
export function apply(record: TokenRecord, effects: readonly Effect[], stamp: Stamp): TokenRecord {
  if (record.token.revoked) throw tokenLocked();
  return applyEffects(record, effects, stamp).record;
}
