/**
 * The token, without the data that only writers need. `info` is privacyIDEA's tokeninfo: all values are texts; it contains
 * the validity period too.
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
  /** Applications that use the token, with the names of the action "attach application". */
  readonly applications: readonly Application[];
  readonly info: Readonly<Record<string, string>>;
  readonly pin_set: boolean;
}

/** The name `application` and the options of an application; all values are texts. */
export type Application = Readonly<Record<string, string>>;

/** Tells whether the token is blocked by failed attempts, as the condition `token_locked` means it. */
export function isLocked(token: Pick<Token, 'failcount' | 'maxfail'>): boolean {
  return token.failcount >= token.maxfail;
}

/** Reads a tokeninfo value; undefined if the key is absent (`constructor` is a key like any other). */
export function infoValue(token: Pick<Token, 'info'>, key: string): string | undefined {
  return Object.hasOwn(token.info, key) ? token.info[key] : undefined;
}

/**
 * Matches tokeninfo keys that are stored under another name. Any text may be a key, but the SDK and zod build objects by
 * assignment, which loses the key `__proto__`. It is stored with a `%` before it, and keys that look like such a stored name
 * get one more `%`, so that all names stay distinct.
 */
const LOST = /^%*__proto__$/;

type Entries<T> = Readonly<Record<string, T>>;

/** Converts keys to their stored names. */
export function storedInfo<T>(info: Entries<T>): Record<string, T> {
  return renamed(info, (key) => (LOST.test(key) ? `%${key}` : key));
}

/** Converts stored names to keys. */
export function readInfo<T>(stored: Entries<T>): Record<string, T> {
  return renamed(stored, (name) => (LOST.test(name) ? name.slice(1) : name));
}

function renamed<T>(entries: Entries<T>, rename: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [rename(key), value]));
}
