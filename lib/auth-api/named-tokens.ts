/** The tokens that a call of `/token/*` is about: by `serial`, by `serials`, or all tokens of a `user`. */
import { inFlight } from '../base/concurrency.ts';
import { isSameUser, type User } from '../directory/user.ts';
import { isLive, type TokenRecord } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';
import { badParameter, missingParameter, noSuchUser, unknownTokens } from './fault.ts';
import { type Parameters, textOf } from './parameters.ts';

export interface TokenSources {
  readonly tokens: Pick<TokenStore, 'read' | 'serialsOf'>;
  /** Whom the parameters mean; `user: null`: the directory does not know that one; `null`: they name nobody. */
  readUser(parameters: Parameters): Promise<{ readonly user: User | null } | null>;
}

export interface NamedTokens {
  readonly records: readonly TokenRecord[];
  readonly notFound: readonly string[];
  /** Whether the answer tells of each serial: `serials` was given. */
  readonly isList: boolean;
}

/** @throws ApiFault 400, 404 where none of the tokens is there */
export async function readNamedTokens(parameters: Parameters, sources: TokenSources): Promise<NamedTokens> {
  const serial = textOf(parameters, 'serial')?.trim();
  const serials = readSerials(parameters['serials']);
  if (!serial && serials.length === 0) return ofUser(parameters, sources);
  const wanted = [...new Set([...(serial ? [serial] : []), ...serials])];
  const records = await readLive(wanted, sources);
  const found = new Set(records.map(({ token }) => token.serial));
  if (records.length === 0) throw unknownTokens(wanted);
  const notFound = wanted.filter((one) => !found.has(one));
  return { records, notFound, isList: serials.length > 0 };
}

/** The one token that a call is about. @throws ApiFault */
export async function readNamedToken(
  parameters: Parameters,
  { tokens }: Pick<TokenSources, 'tokens'>,
): Promise<TokenRecord> {
  const serial = textOf(parameters, 'serial')?.trim();
  if (!serial) throw missingParameter("'serial' or 'serials'");
  const record = await tokens.read(serial);
  if (!isLive(record)) throw unknownTokens([serial]);
  return record;
}

/** The tokens of a user that are there. */
export async function readTokensOf(user: User, { tokens }: Pick<TokenSources, 'tokens'>): Promise<TokenRecord[]> {
  const serials: string[] = [];
  for await (const serial of tokens.serialsOf(user)) serials.push(serial);
  const records = await readLive(serials, { tokens });
  // The index tells a little late.
  return records.filter(({ token }) => isSameUser(token.user, user));
}

export async function readLive(
  serials: readonly string[],
  { tokens }: Pick<TokenSources, 'tokens'>,
): Promise<TokenRecord[]> {
  const read = await inFlight(serials, (serial) => tokens.read(serial));
  return read.filter(isLive);
}

async function ofUser(parameters: Parameters, sources: TokenSources): Promise<NamedTokens> {
  const named = await sources.readUser(parameters);
  if (named === null) throw missingParameter("'serial' or 'serials'");
  if (named.user === null) throw noSuchUser();
  return { records: await readTokensOf(named.user, sources), notFound: [], isList: false };
}

/** As many as one call may name. */
const MOST = 100;

/** As a list, or as a text separated by commas. */
function readSerials(given: unknown): readonly string[] {
  if (given === undefined || given === '') return [];
  const list: unknown = typeof given === 'string' ? given.split(',').map((one) => one.trim()) : given;
  const isList = Array.isArray(list) && list.every((one): one is string => typeof one === 'string' && one !== '');
  if (isList && list.length <= MOST) return list;
  throw badParameter(`Parameter 'serials' must be a list of at most ${MOST} serials.`);
}
