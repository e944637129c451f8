/** Shows tokens for the command line and the API: never the key, the PIN or its hash, nor a secret in tokeninfo. */

import { isDeepStrictEqual } from 'node:util';
import { isSecretInfo, MASK } from '../schema/secret-names.ts';
import { infoPath, NUMBER_ATTRIBUTES } from './effect.ts';
import { type Changes, type TokenRecord, viewToken } from './record.ts';
import { isLocked, type Token } from './token.ts';

export type ShownToken = Token & { readonly locked: boolean };

export function showToken(record: TokenRecord): ShownToken {
  const { pin_set, ...token } = viewToken(record);
  return { ...token, info: showInfo(token.info), locked: isLocked(token), pin_set };
}

/** Masks secrets in tokeninfo. Imports refuse such values, but other programs may have stored some. */
export function showInfo(info: Token['info']): Token['info'] {
  return Object.fromEntries(Object.entries(info).map(([key, value]) => [key, showInfoValue(key, value)]));
}

/** Masks a secret value of tokeninfo. @param value `null` if there is none */
function showInfoValue<T extends string | null>(key: string, value: T): T | typeof MASK {
  return value && isSecretInfo(key) ? MASK : value;
}

const FIELDS = [
  'active',
  'description',
  'realms',
  'user',
  ...NUMBER_ATTRIBUTES,
  'tokengroups',
  'applications',
  'pin_set',
] as const;

/** Attributes that are sets: the same members in another order are no change. */
const SETS: ReadonlySet<string> = new Set(['realms', 'tokengroups']);

/** Compares two records: `{field: [before, after]}`; for a deleted token `{deleted: [false, true]}`. */
export function changesBetween(before: TokenRecord, after: TokenRecord): Changes {
  if (after.deletedAt !== null) return { deleted: [false, true] };
  const [from, to] = [viewToken(before), viewToken(after)];
  const changes: Record<string, readonly [unknown, unknown]> = {};
  for (const field of FIELDS) {
    if (!isSame(field, from[field], to[field])) changes[field] = [from[field], to[field]];
  }
  for (const key of new Set([...Object.keys(from.info), ...Object.keys(to.info)])) {
    const [old, young] = [from.info, to.info].map((info) => (Object.hasOwn(info, key) ? info[key] : null));
    if (old !== young) changes[infoPath(key)] = [showInfoValue(key, old ?? null), showInfoValue(key, young ?? null)];
  }
  return changes;
}

function isSame(field: string, from: unknown, to: unknown): boolean {
  if (!SETS.has(field) || !Array.isArray(from) || !Array.isArray(to)) return isDeepStrictEqual(from, to);
  return isDeepStrictEqual([...from].sort(), [...to].sort());
}
