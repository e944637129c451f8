/** Reads the user or the token that a call of `/validate/*` names. */
import type { ChallengeTools } from '../../authenticate/challenge.ts';
import type { LoginTools } from '../../authenticate/login.ts';
import type { Settings } from '../../authenticate/settings.ts';
import type { Directory } from '../../directory/directory.ts';
import { isSameUser, type User } from '../../directory/user.ts';
import { isLive } from '../../token/record.ts';
import type { TokenStore } from '../../token/store.ts';
import { badParameter, noSuchUser, severalTokens, unknownToken } from '../fault.ts';
import { textOf } from '../parameter-values.ts';
import type { ApiCall, Prepared } from '../serve.ts';
import { type NamedUser, readUser } from '../user-parameter.ts';

export interface ValidateTools extends LoginTools, Omit<ChallengeTools, 'tokens'> {
  readonly tokens: LoginTools['tokens'] & Pick<TokenStore, 'serialsOf'>;
  readonly directory: Directory;
  settings(): Promise<Settings>;
  readonly timezone: string;
  /** Makes an answer take equally long whatever its reason, so that a clock does not reveal it. */
  inEqualTime<T>(work: () => Promise<T>): Promise<T>;
}

export interface Subject {
  readonly named: NamedUser | null;
  readonly serial: string | null;
  readonly settings: Settings;
}

/** Reads the subject and the settings. @throws ApiFault 400 if the call names neither a user nor a serial */
export async function readSubject({ parameters }: ApiCall, tools: ValidateTools): Promise<Subject> {
  const settings = await tools.settings();
  const serial = textOf(parameters, 'serial') || null;
  if (serial?.includes('*')) throw badParameter('Invalid serial number.');
  const named = await readUser(parameters, settings, tools.directory);
  if (named === null && serial === null) {
    throw badParameter('You need to specify a serial, user or credential_id.');
  }
  return { named, serial, settings };
}

/** Makes the events' fields about the subject: user, token and realm. */
export function eventFieldsOfSubject({ named, serial }: Subject): Omit<Prepared, 'perform'> {
  const user = named && {
    login: named.login,
    realm: named.realm,
    resolver: named.resolver,
    ...(named.user && { uid: named.user.uid }),
  };
  return {
    user,
    ...(named?.user && { entry: entryOf(named.user) }),
    ...(serial !== null && { serial }),
    request: { realm: named?.realm ?? '' },
  };
}

function entryOf({ login, realm, failures: count, failures_since: since }: User): Prepared['entry'] {
  return { login, realm, failures: count === undefined || since === undefined ? undefined : { count, since } };
}

/**
 * Lists the serials of the user's tokens, or the one that is named.
 *
 * @throws ApiFault if that is unknown or another user's
 */
export async function serialsOf({ named, serial }: Subject, { tokens }: ValidateTools): Promise<readonly string[]> {
  if (serial === null) {
    const owned: string[] = [];
    if (named?.user) for await (const one of tokens.serialsOf(named.user)) owned.push(one);
    return owned;
  }
  if (named && named.user === null) throw noSuchUser();
  const read = await tokens.readMany(serial.split(','));
  const records = read.filter(isLive).filter(({ token }) => named === null || isSameUser(token.user, named.user));
  if (records.length > 1) throw severalTokens();
  const [record] = records;
  if (record) return [record.token.serial];
  throw named ? badParameter('Given serial does not belong to given user!') : unknownToken();
}
