/**
 * The token as the rest of the code sees it, without what only the store needs.
 * `info` is privacyIDEA's tokeninfo: all values are texts, the validity period lives there too.
 */
import type { UserIdentity } from '../directory/user.ts';

export interface Token {
  readonly serial: string;
  readonly tokentype: string;
  readonly active: boolean;
  readonly revoked: boolean;
  readonly description: string;
  readonly realms: readonly string[];
  readonly user: UserIdentity | null;
  readonly failcount: number;
  readonly maxfail: number;
  readonly count: number;
  readonly count_window: number;
  readonly sync_window: number;
  readonly otplen: number;
  readonly rollout_state: string;
  readonly tokengroups: readonly string[];
  /** What uses the token beside logins, by the names of the action that attaches it. */
  readonly applications: readonly Application[];
  readonly info: Readonly<Record<string, string>>;
  readonly pin_set: boolean;
}

/** `application` and, by their names, its options: all values are texts. */
export type Application = Readonly<Record<string, string>>;

/** Tells whether the token is blocked by failed attempts, as the condition `token_locked` means it. */
export function isLocked(token: Pick<Token, 'failcount' | 'maxfail'>): boolean {
  return token.failcount >= token.maxfail;
}

/** A tokeninfo value; `undefined` where the key is not there (`constructor` is a key like any other). */
export function infoValue(token: Pick<Token, 'info'>, key: string): string | undefined {
  return Object.hasOwn(token.info, key) ? token.info[key] : undefined;
}

/**
 * The name under which a tokeninfo key is stored. Any text is a key, `__proto__` too; but the SDK and zod build plain
 * objects by assignment, which would lose that one name. So it is stored with a `%` before it, and so that every key
 * has a name of its own, keys that look like such a name get one more.
 */
const LOST = /^%*__proto__$/;

type Entries<T> = Readonly<Record<string, T>>;

/** Keys become the names that are stored. */
export function storedInfo<T>(info: Entries<T>): Record<string, T> {
  return renamed(info, (key) => (LOST.test(key) ? `%${key}` : key));
}

/** Stored names become keys again. */
export function readInfo<T>(stored: Entries<T>): Record<string, T> {
  return renamed(stored, (name) => (LOST.test(name) ? name.slice(1) : name));
}

function renamed<T>(entries: Entries<T>, rename: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [rename(key), value]));
}
