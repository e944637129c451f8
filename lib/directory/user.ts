/** A person as a directory knows them: the owner of tokens, the user of an event. */
import * as z from 'zod/mini';

/** Who a user is. `resolver` + `uid` identify; `login` + `realm` are how people and events say it. */
export const UserIdentity = z.object({
  login: z.string(),
  realm: z.string(),
  resolver: z.string(),
  uid: z.string(),
});
export type UserIdentity = z.infer<typeof UserIdentity>;

/** A directory entry: the identity and every further attribute (mobile, email, ...) as text. */
export interface User extends UserIdentity {
  readonly attributes: Readonly<Record<string, string>>;
}
