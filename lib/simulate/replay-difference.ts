/** Finds the tokens that end differently under the two sets, in which fields, and which definitions wrote those. */

import type { TokenRecord } from '../token/record.ts';
import { changesBetween } from '../token/view.ts';
import type { Side } from './replay-side.ts';

export interface TokenDifference {
  readonly serial: string;
  /** `{field: [under the present set, under the proposed one]}` */
  readonly differs: Readonly<Record<string, readonly [unknown, unknown]>>;
  /** The definitions, of either set, that wrote those fields last. */
  readonly definitions: readonly number[];
}

/** Compares the tokens that either side has written. @returns in the order of the serials */
export async function differences(current: Side, proposed: Side): Promise<TokenDifference[]> {
  const touched = new Set([...current.runtime.tokens.written.keys(), ...proposed.runtime.tokens.written.keys()]);
  const found: TokenDifference[] = [];
  for (const serial of [...touched].sort()) {
    const [one, other] = await Promise.all([current, proposed].map((side) => side.runtime.tokens.read(serial)));
    if (!one || !other) continue;
    const differs = differenceOf(one, other);
    const fields = Object.keys(differs);
    if (fields.length === 0) continue;
    const writers = fields.flatMap((field) => [current, proposed].map((side) => side.writerOf(serial, field)));
    const definitions = [...new Set(writers.filter((id) => id !== undefined))].sort((a, b) => a - b);
    found.push({ serial, differs, definitions });
  }
  return found;
}

function differenceOf(one: TokenRecord, other: TokenRecord): TokenDifference['differs'] {
  const [gone, othersGone] = [one.deletedAt !== null, other.deletedAt !== null];
  if (gone || othersGone) return gone === othersGone ? {} : { deleted: [gone, othersGone] };
  const differs = changesBetween(one, other);
  const otherPin = one.pinHash !== null && other.pinHash !== null && one.pinHash !== other.pinHash;
  return otherPin ? { ...differs, pin: ['(one)', '(another)'] } : differs;
}
