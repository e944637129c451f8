/** `GET /token`: tokens by filters, a page at a time. */
import { createHash } from 'node:crypto';
import { inFlight } from '../../base/concurrency.ts';
import type { Directory } from '../../directory/directory.ts';
import { isSecretInfo } from '../../schema/secret-names.ts';
import type { TokenRecord } from '../../token/record.ts';
import { infoValue } from '../../token/token.ts';
import { showInfo } from '../../token/view.ts';
import { badParameter, noSuchUser } from '../fault.ts';
import { eventFieldsOf, readLive, readTokensOf, type TokenLookup } from '../named-tokens.ts';
import { textOf } from '../parameter-values.ts';
import type { RequestParameters } from '../parameters.ts';
import type { RouteHandler } from '../serve.ts';
import { noUserOf } from '../user-parameter.ts';
import { readPage } from './page.ts';

export interface TokenListTools extends TokenLookup {
  readonly directory: Pick<Directory, 'containerOfToken' | 'realms'>;
  /** Reads all tokens, in no order. */
  scan(): AsyncIterable<TokenRecord>;
}

const LARGEST_PAGE = 1000;
/** Limits a list without `user` and `serial`: it is counted and sorted as a whole. */
const MOST_SCANNED = 50_000;

export const listTokens: RouteHandler<TokenListTools> = async ({ parameters }, tools) => {
  const page = readPage(parameters, LARGEST_PAGE);
  const sort = readOrder(parameters);
  const matches = readFilter(parameters);
  const candidates = await candidatesOf(parameters, tools);
  return {
    ...(Array.isArray(candidates) && textOf(parameters, 'serial') ? eventFieldsOf(candidates) : {}),
    async perform() {
      const found: TokenRecord[] = [];
      for await (const record of candidates) if (matches(record)) found.push(record);
      const { items, ...place } = page(sort(found));
      const tokens = await inFlight(items, (record) => listed(record, tools));
      const serials = items.map(({ token }) => token.serial);
      return { value: { tokens, ...place }, valueInEvent: { tokens: serials, ...place } };
    },
  };
};

/** Reads the tokens to filter: those of the user, those of the serials, else all. @throws ApiFault 400 */
async function candidatesOf(
  parameters: RequestParameters,
  tools: TokenListTools,
): Promise<readonly TokenRecord[] | AsyncIterable<TokenRecord>> {
  const named = await tools.readUser(parameters);
  if (named && named.user === null) throw noSuchUser();
  if (named?.user) return readTokensOf(named.user, tools);
  const realm = textOf(parameters, 'realm')?.toLowerCase();
  if (realm) throw await noUserOf(realm, tools);
  const serial = textOf(parameters, 'serial') ?? '';
  return serial !== '' && !serial.includes('*') ? readLive(listOf(serial), tools) : scanned(tools);
}

async function* scanned({ scan }: TokenListTools): AsyncIterable<TokenRecord> {
  let count = 0;
  for await (const record of scan()) {
    count += 1;
    if (count > MOST_SCANNED) throw badParameter("There are too many tokens: give the parameter 'user' or 'serial'.");
    yield record;
  }
}

type TokenFilter = (record: TokenRecord) => boolean;

/** Reads the filters, all of which must hold; `*` stands for any text. */
function readFilter(parameters: RequestParameters): TokenFilter {
  const filters: TokenFilter[] = [];
  const onText = (name: string, values: (record: TokenRecord) => readonly string[]) => {
    const patterns = textOf(parameters, name);
    if (!patterns) return;
    const matches = listOf(patterns).map(wildcard);
    filters.push((record) => values(record).some((value) => matches.some((one) => one(value))));
  };
  /** As in privacyIDEA, any value but `true`, in any case, is false. */
  const onFlag = (name: string, value: (record: TokenRecord) => boolean) => {
    const text = parameters[name];
    if (text !== undefined) filters.push((record) => value(record) === (String(text).toLowerCase() === 'true'));
  };
  onText('serial', ({ token }) => [token.serial]);
  const type = textOf(parameters, 'type');
  if (type) filters.push(({ token }) => wildcard(type)(token.tokentype));
  onText('type_list', ({ token }) => [token.tokentype]);
  onText('tokenrealm', ({ token }) => token.realms);
  onText('resolver', ({ token }) => (token.user ? [token.user.resolver] : []));
  onText('userid', ({ token }) => (token.user ? [token.user.uid] : []));
  onText('description', ({ token }) => [token.description]);
  onText('rollout_state', (record) => [rolloutState(record)]);
  onFlag('assigned', ({ token }) => token.user !== null);
  onFlag('active', ({ token }) => token.active);
  const key = textOf(parameters, 'infokey');
  const value = textOf(parameters, 'infovalue');
  if (key && value) filters.push(({ token }) => !isSecretInfo(key) && infoValue(token, key) === value);
  return (record) => filters.every((filter) => filter(record));
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** Makes a test of a pattern with `*`. It ignores case, as the databases of privacyIDEA do. */
function wildcard(pattern: string): (text: string) => boolean {
  const parts = pattern.toLowerCase().split('*');
  return (text) => {
    const lower = text.toLowerCase();
    const [first = '', ...rest] = parts;
    if (rest.length === 0) return lower === first;
    if (!lower.startsWith(first)) return false;
    let at = first.length;
    for (const part of rest.slice(0, -1)) {
      const found = lower.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    const last = rest.at(-1) ?? '';
    return lower.length - last.length >= at && lower.endsWith(last);
  };
}

/** The values of `sortby`. */
const SORTABLE = ['serial', 'tokentype', 'description', 'failcount', 'maxfail', 'active', 'count', 'otplen'] as const;

/** Reads `sortby` and `sortdir`; by default tokens are sorted by serial. @returns a function that sorts tokens */
function readOrder(parameters: RequestParameters): (found: readonly TokenRecord[]) => TokenRecord[] {
  const field = SORTABLE.find((one) => one === parameters['sortby']) ?? 'serial';
  const direction = textOf(parameters, 'sortdir') === 'desc' ? -1 : 1;
  return (found) =>
    found.toSorted(({ token: a }, { token: b }) => {
      return direction * (compare(a[field], b[field]) || compare(a.serial, b.serial));
    });
}

function compare<T>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const rolloutState = ({ token }: TokenRecord): string =>
  token.rollout_state === 'enrolled' ? '' : token.rollout_state;

/** Shows a token as privacyIDEA lists it, where `locked` means revoked. */
async function listed(record: TokenRecord, { directory }: TokenListTools): Promise<object> {
  const { token } = record;
  const { serial, user } = token;
  return {
    id: createHash('sha256').update(serial).digest().readUInt32BE() >>> 1,
    serial,
    tokentype: token.tokentype,
    description: token.description,
    info: showInfo(token.info),
    resolver: user?.resolver ?? '',
    user_id: user?.uid ?? '',
    username: user?.login ?? '',
    user_realm: user?.realm ?? '',
    ...(user && { user_editable: false }),
    realms: token.realms,
    tokengroup: token.tokengroups,
    otplen: token.otplen,
    maxfail: token.maxfail,
    active: token.active,
    revoked: token.revoked,
    locked: token.revoked,
    failcount: token.failcount,
    count: token.count,
    count_window: token.count_window,
    sync_window: token.sync_window,
    rollout_state: rolloutState(record),
    container_serial: (await directory.containerOfToken(serial))?.serial ?? '',
  };
}
