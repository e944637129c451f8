/** What is known where an event has no token. */
import type { Facts } from '../condition/condition.ts';

export function withoutToken(base: Facts): Facts {
  return { ...base, serial: null, token: null, owner: null, realms: {}, user: base.user ?? null };
}
