/**
 * Effects: what an action does to a token, as data. Actions return effects, and `apply.ts` merges them into the record.
 */
import type { UserIdentity } from '../directory/user.ts';
import type { Application } from './token.ts';

/** The path of a tokeninfo key: `info.` and the key, which may be any text. */
export type InfoPath = `info.${string}`;

/** The path of an application: its name, machine and service. */
export type ApplicationPath = `applications:${string}`;

/** The numeric attributes that actions assign. */
export const NUMBER_ATTRIBUTES = ['failcount', 'maxfail', 'count_window', 'sync_window'] as const;
export type NumberAttribute = (typeof NUMBER_ATTRIBUTES)[number];

export type Effect =
  | { readonly kind: 'assign'; readonly path: NumberAttribute; readonly value: number }
  | { readonly kind: 'assign'; readonly path: 'active' | 'revoked'; readonly value: boolean }
  | { readonly kind: 'assign'; readonly path: 'description'; readonly value: string }
  | { readonly kind: 'assign'; readonly path: 'user'; readonly value: UserIdentity | null }
  /** The salted hash of the new PIN; `null` clears it. */
  | { readonly kind: 'assign'; readonly path: 'pin'; readonly value: string | null }
  /** `null` deletes the key. */
  | { readonly kind: 'assign'; readonly path: InfoPath; readonly value: string | null }
  /** Attaches an application, in place of one of the same name and place. */
  | { readonly kind: 'assign'; readonly path: ApplicationPath; readonly value: Application }
  | { readonly kind: 'increment'; readonly path: 'failcount' | InfoPath; readonly by: number }
  | { readonly kind: 'include' | 'exclude'; readonly set: MemberSet; readonly member: string }
  /** Replaces the whole set, but keeps the realm of the token's owner. */
  | { readonly kind: 'replace'; readonly set: 'realms'; readonly members: readonly string[] }
  | { readonly kind: 'delete' };

export type MemberSet = 'realms' | 'tokengroups';

export function applicationPath({
  application = '',
  'machine ID': machine = '',
  service_id = '',
}: Application): ApplicationPath {
  // `encodeURIComponent` throws for half of a surrogate pair.
  const parts = [application, machine, service_id].map((part) => encodeURIComponent(part.toWellFormed()));
  return `applications:${parts.join(':')}`;
}

export function isApplicationPath(path: string): path is ApplicationPath {
  return path.startsWith('applications:');
}

export function infoPath(key: string): InfoPath {
  return `info.${key}`;
}

export function infoKey(path: InfoPath): string {
  return path.slice('info.'.length);
}

export function isInfoPath(path: string): path is InfoPath {
  return path.startsWith('info.');
}

/** The tokeninfo with the time since when the failcounter is exceeded; deleted when failcount becomes 0. */
export const FAILCOUNTER_EXCEEDED = infoPath('failcounter_exceeded');
