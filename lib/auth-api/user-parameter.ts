/**
 * Whom a request means: `user` may name a realm behind its last @ or before a backslash, `realm` goes over both, and
 * who names none is of the default realm.
 */
import type { Settings } from '../authenticate/settings.ts';
import type { Directory } from '../directory/directory.ts';
import type { User } from '../directory/user.ts';
import { badParameter, unknownUser } from './fault.ts';
import { textOf } from './parameter-values.ts';
import type { RequestParameters } from './parameters.ts';

export interface NamedUser {
  readonly login: string;
  /** In lower case; empty: none is named, and there is no default. */
  readonly realm: string;
  readonly resolver: string;
  /** `null`: the directory does not know that one. */
  readonly user: User | null;
}

/**
 * Looks the user of a request up.
 *
 * @returns `null` where the request names none
 * @throws ApiFault 400 where a parameter is no user's name, or names a resolver that is not there
 */
export async function readUser(
  parameters: RequestParameters,
  settings: Settings,
  directory: Directory,
): Promise<NamedUser | null> {
  const given = textOf(parameters, 'user')?.trim() ?? '';
  if (given === '') return null;
  if (given.includes('%')) throw badParameter('Invalid user.');
  const realms = once(() => directory.realms());
  const named = await split(given, settings, realms);
  const inParameter = textOf(parameters, 'realm');
  const realm = (inParameter || named.realm || settings.default_realm || '').toLowerCase();
  const login = named.login;
  const resolver = textOf(parameters, 'resolver') ?? '';
  if (resolver === '') {
    const user = realm === '' ? null : await directory.findUser({ login, realm });
    return { login, realm, resolver: user?.resolver ?? '', user };
  }
  const user = await findInResolver(login, realm, resolver, directory, realms);
  return { login, realm, resolver, user };
}

type Realms = () => Promise<Readonly<Record<string, readonly string[]>>>;

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => (known ??= read());
}

async function split(
  given: string,
  { splitAtSign }: Settings,
  realms: Realms,
): Promise<{ readonly login: string; readonly realm: string }> {
  const at = given.lastIndexOf('@');
  if (splitAtSign && at > 0) {
    const realm = given.slice(at + 1).toLowerCase();
    if (Object.hasOwn(await realms(), realm)) return { login: given.slice(0, at), realm };
  }
  const backslash = given.indexOf('\\');
  if (at < 0 && backslash > 0) return { login: given.slice(backslash + 1), realm: given.slice(0, backslash) };
  return { login: given, realm: '' };
}

/** A resolver may also be named that is of another realm: it is asked for the same login. */
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
