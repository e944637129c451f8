/**
 * Looks up the user of a request. `user` may contain a realm, after its last @ or before a backslash, unless the setting
 * `splitAtSign` is off; the parameter `realm` takes precedence, also an empty one; without any, the default realm is used.
 */
import type { Settings } from '../authenticate/settings.ts';
import type { Directory } from '../directory/directory.ts';
import type { User } from '../directory/user.ts';
import { type ApiFault, badParameter, noSuchUser, unknownRealm, unknownUser } from './fault.ts';
import { textOf } from './parameter-values.ts';
import type { RequestParameters } from './parameters.ts';

export interface NamedUser {
  readonly login: string;
  /** In lower case; empty: the request names none, and there is no default realm. */
  readonly realm: string;
  readonly resolver: string;
  /** `null`: not in the directory. */
  readonly user: User | null;
}

/**
 * Looks up the user.
 *
 * @returns `null` if the request names no user
 * @throws ApiFault 400 where the name is invalid, or the resolver does not exist
 */
export async function readUser(
  parameters: RequestParameters,
  settings: Settings,
  directory: Directory,
): Promise<NamedUser | null> {
  const input = textOf(parameters, 'user')?.trim() ?? '';
  if (input === '') return null;
  if (input.includes('%')) throw badParameter('Invalid user.');
  const realms = once(() => directory.realms());
  const named = await split(input, settings, realms);
  const realm = ((textOf(parameters, 'realm') ?? named.realm) || settings.default_realm || '').toLowerCase();
  const login = named.login;
  const resolver = textOf(parameters, 'resolver') ?? '';
  if (resolver === '') {
    const user = realm === '' ? null : await directory.findUser({ login, realm });
    return { login, realm, resolver: user?.resolver ?? '', user };
  }
  const user = await findInResolver(login, realm, resolver, directory, realms);
  return { login, realm, resolver, user };
}

/** Makes the fault of a call that finds no user in a realm. @param realm in lower case; it need not exist */
export async function noUserOf(
  realm: string,
  { directory }: { readonly directory: Pick<Directory, 'realms'> },
): Promise<ApiFault> {
  return Object.hasOwn(await directory.realms(), realm) ? noSuchUser() : unknownRealm(realm);
}

type Realms = () => Promise<Readonly<Record<string, readonly string[]>>>;

/** Caches the result of the first call. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => (known ??= read());
}

/** Splits login and realm, as the setting `splitAtSign` says; an @ is split only before a realm that exists. */
async function split(
  input: string,
  { splitAtSign }: Settings,
  realms: Realms,
): Promise<{ readonly login: string; readonly realm: string }> {
  const whole = { login: input, realm: '' };
  if (!splitAtSign) return whole;
  const at = input.lastIndexOf('@');
  if (at >= 0) {
    const realm = input.slice(at + 1).toLowerCase();
    return Object.hasOwn(await realms(), realm) ? { login: input.slice(0, at), realm } : whole;
  }
  const backslash = input.lastIndexOf('\\');
  return backslash < 0 ? whole : { login: input.slice(backslash + 1), realm: input.slice(0, backslash) };
}

/** Looks up the login in a resolver, which may also belong to another realm. */
async function findInResolver(
  login: string,
  realm: string,
  resolver: string,
  directory: Directory,
  realms: Realms,
): Promise<User | null> {
  const inRealm = realm === '' ? null : await directory.findUser({ login, realm, resolver });
  if (inRealm) return inRealm;
  const having = Object.entries(await realms()).filter(([, resolvers]) => resolvers.includes(resolver));
  if (having.length === 0) throw unknownUser(`The resolver '${resolver}' does not exist!`);
  for (const [other] of having) {
    const user = await directory.findUser({ login, realm: other, resolver });
    if (user) return user;
  }
  return null;
}
