/** What a step changed, field by field, as its outcome shows it. Never a secret: of a PIN only whether it is set. */
import { isDeepStrictEqual } from 'node:util';
import { infoPath, NUMBER_ATTRIBUTES } from './effect.ts';
import { type Changes, type TokenRecord, viewToken } from './record.ts';
import { showInfoValue } from './view.ts';

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

/** Lists without an order: the same members in another order are no change. */
const SETS: ReadonlySet<string> = new Set(['realms', 'tokengroups']);

/** `{field: [before, after]}`; of a deleted token `{deleted: [false, true]}`. */
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
