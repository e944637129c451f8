/**
 * Secrets stay out (DESIGN section 2): senders leave these keys out, and dispatch drops them at the
 * border, before anything is planned, logged or queued.
 */
import { isSecretName } from '../secret/names.ts';

/** A copy of a JSON value without its secret keys at any depth, and how many were dropped. */
export function dropSecrets(value: unknown): { readonly value: unknown; readonly dropped: number } {
  let dropped = 0;
  const copy = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(copy);
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(
      Object.entries(part)
        .filter(([key]) => {
          const secret = isSecretName(key);
          if (secret) dropped += 1;
          return !secret;
        })
        .map(([key, inner]) => [key, copy(inner)]),
    );
  };
  return { value: copy(value), dropped };
}
