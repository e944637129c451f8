/** Reads the tokens that a call of `/token/*` names: by `serial`, by `serials`, or as all tokens of a `user`. */
import { inFlight } from '../base/concurrency.ts';
import { isSameUser, type User } from '../directory/user.ts';
import { isLive, type TokenRecord } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';
import { badParameter, missingParameter, noSuchUser, unknownToken, unknownTokens } from './fault.ts';
import { textOf } from './parameter-values.ts';
import type { RequestParameters } from './parameters.ts';
import type { Prepared } from './serve.ts';

export interface TokenLookup {
  readonly tokens: Pick<TokenStore, 'read' | 'serialsOf'>;
  /** Looks up the user of the parameters; `user: null`: not in the directory; `null`: the parameters name no user. */
  readUser(parameters: RequestParameters): Promise<{ readonly user: User | null } | null>;
}

export interface NamedTokens {
  readonly records: readonly TokenRecord[];
  readonly notFound: readonly string[];
  /** Whether the answer reports each serial, because the call names several tokens. */
  readonly isList: boolean;
}

/** Reads the tokens that the parameters name. @throws ApiFault 400, or 404 if none of them exists */
export async function readNamedTokens(parameters: RequestParameters, sources: TokenLookup): Promise<NamedTokens> {
  const serial = textOf(parameters, 'serial')?.trim();
  const several = serial?.includes(',') ? serial : undefined;
  const serials = readSerials(several ?? parameters['serials']);
  if (!serial && serials.length === 0) return readUsersTokens(parameters, sources);
  const named = [...new Set([...(serial && !several ? [serial] : []), ...serials])];
  const records = await ownedByNamedUser(await readLive(named, sources), parameters, sources);
  const found = new Set(records.map(({ token }) => token.serial));
  if (records.length === 0) throw unknownTokens(named);
  const notFound = named.filter((one) => !found.has(one));
  return { records, notFound, isList: serials.length > 0 };
}

/** Reads the token of the parameter `serial`. @throws ApiFault 400, or 404 if it does not exist */
export async function readNamedToken(
  parameters: RequestParameters,
  { tokens }: Pick<TokenLookup, 'tokens'>,
): Promise<TokenRecord> {
  const serial = textOf(parameters, 'serial')?.trim();
  if (!serial) throw missingParameter("'serial' or 'serials'");
  const record = await tokens.read(serial);
  if (!isLive(record)) throw unknownTokens([serial]);
  return record;
}

/** Reads all tokens of a user. */
export async function readTokensOf(user: User, { tokens }: Pick<TokenLookup, 'tokens'>): Promise<TokenRecord[]> {
  const serials: string[] = [];
  for await (const serial of tokens.serialsOf(user)) serials.push(serial);
  const records = await readLive(serials, { tokens });
  // The index is eventually consistent: the owner may have changed.
  return records.filter(({ token }) => isSameUser(token.user, user));
}

/** Reads those of the serials that belong to a token now. */
export async function readLive(
  serials: readonly string[],
  { tokens }: Pick<TokenLookup, 'tokens'>,
): Promise<TokenRecord[]> {
  const read = await inFlight(serials, (serial) => tokens.read(serial));
  return read.filter(isLive);
}

/** Reads the tokens of the parameter `user`. */
async function readUsersTokens(parameters: RequestParameters, sources: TokenLookup): Promise<NamedTokens> {
  const named = await sources.readUser(parameters);
  if (named === null) throw missingParameter("'serial' or 'serials'");
  if (named.user === null) throw noSuchUser();
  const records = await readTokensOf(named.user, sources);
  if (records.length === 0) throw missingParameter("'serial' or 'serials'");
  return { records, notFound: [], isList: records.length > 1 };
}

/** Where the call names a user too, only that user's tokens. @throws ApiFault 404 if there is none of them */
async function ownedByNamedUser(
  records: readonly TokenRecord[],
  parameters: RequestParameters,
  { readUser }: Pick<TokenLookup, 'readUser'>,
): Promise<readonly TokenRecord[]> {
  const named = records.length > 0 ? await readUser(parameters) : null;
  if (named === null) return records;
  if (named.user === null) throw noSuchUser();
  const own = records.filter(({ token }) => isSameUser(token.user, named.user));
  if (own.length === 0) throw unknownToken();
  return own;
}

/** Limits the tokens of one call. */
const MOST = 100;

/** Reads a list, or a text separated by commas. */
function readSerials(value: unknown): readonly string[] {
  if (value === undefined || value === '') return [];
  const list: unknown = typeof value === 'string' ? value.split(',').map((one) => one.trim()) : value;
  const isList = Array.isArray(list) && list.every((one): one is string => typeof one === 'string' && one !== '');
  if (isList && list.length <= MOST) return list;
  throw badParameter(`Parameter 'serials' must be a list of at most ${MOST} serials.`);
}

/** Makes the events' fields about tokens: their serials, and the owner of the first. */
export function eventFieldsOf(records: readonly TokenRecord[]): Pick<Prepared, 'user' | 'serial'> {
  const [first] = records;
  if (first === undefined) return {};
  const serial = records.map(({ token }) => token.serial).join(',');
  return { serial, user: first.token.user };
}
