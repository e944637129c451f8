/**
 * Secrets stay out: senders leave these keys out, and dispatch drops them at the
 * border, before anything is planned, logged or queued.
 */
import { isSecretName } from '../schema/secret-names.ts';
import { MAX_DEPTH } from './depth.ts';

/** Stands where a copy ends; still one level beyond what an event may have, so that it is refused afterwards. */
const CUT = [`nested more than ${MAX_DEPTH} levels deep`];

/** A copy of a JSON value without its secret keys at any depth, and how many were dropped. */
export function dropSecrets(value: unknown): { readonly value: unknown; readonly dropped: number } {
  let dropped = 0;
  const copy = (part: unknown, level: number): unknown => {
    if (part === null || typeof part !== 'object') return part;
    if (level > MAX_DEPTH) return CUT;
    if (Array.isArray(part)) return part.map((inner) => copy(inner, level + 1));
    return Object.fromEntries(
      Object.entries(part)
        .filter(([key]) => {
          const secret = isSecretName(key);
          if (secret) dropped += 1;
          return !secret;
        })
        .map(([key, inner]) => [key, copy(inner, level + 1)]),
    );
  };
  return { value: copy(value, 1), dropped };
}
