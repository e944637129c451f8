/** What a step changed, field by field, as its outcome shows it. Never a secret: of a PIN only whether it is set. */
import { isDeepStrictEqual } from 'node:util';
import { infoPath } from './effect.ts';
import { type Changes, type TokenRecord, viewToken } from './record.ts';

const FIELDS = [
  'active',
  'description',
  'realms',
  'user',
  'failcount',
  'maxfail',
  'count_window',
  'tokengroups',
  'pin_set',
] as const;

/** `{field: [before, after]}`; of a deleted token `{deleted: [false, true]}`. */
export function changesBetween(before: TokenRecord, after: TokenRecord): Changes {
  if (after.deletedAt !== null) return { deleted: [false, true] };
  const [from, to] = [viewToken(before), viewToken(after)];
  const changes: Record<string, readonly [unknown, unknown]> = {};
  for (const field of FIELDS) {
    if (!isDeepStrictEqual(from[field], to[field])) changes[field] = [from[field], to[field]];
  }
  for (const key of new Set([...Object.keys(from.info), ...Object.keys(to.info)])) {
    const [old, young] = [from.info, to.info].map((info) => (Object.hasOwn(info, key) ? info[key] : null));
    if (old !== young) changes[infoPath(key)] = [old, young];
  }
  return changes;
}
