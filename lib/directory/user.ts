/** A user in the directory: the owner of tokens, the user of an event. */
import * as z from 'zod/mini';

/** A user's identity. `resolver` and `uid` identify the user; people and events use `login` and `realm`. */
export const UserIdentity = z.object({
  login: z.string(),
  realm: z.string(),
  resolver: z.string(),
  uid: z.string(),
});
export type UserIdentity = z.infer<typeof UserIdentity>;

/** A user as an event names them, not yet looked up. */
export interface UserReference {
  readonly login?: string;
  readonly realm?: string;
  readonly resolver?: string;
  readonly uid?: string;
}

/** A directory entry: the identity and every further attribute (mobile, email, ...) as text. */
export interface User extends UserIdentity {
  readonly attributes: Readonly<Record<string, string>>;
  /** Failed attempts in the window that began at `failures_since`, in seconds since 1970. */
  readonly failures?: number | undefined;
  readonly failures_since?: number | undefined;
}

/** Tells whether both are the same user, by `resolver` and `uid`. */
export function isSameUser(
  one: Pick<UserIdentity, 'resolver' | 'uid'> | null | undefined,
  other: Pick<UserIdentity, 'resolver' | 'uid'> | null | undefined,
): boolean {
  return one != null && other != null && one.resolver === other.resolver && one.uid === other.uid;
}
