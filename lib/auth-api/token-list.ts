/** `GET /token/`: tokens by filters, a page at a time. */
import { createHash } from 'node:crypto';
import type { Directory } from '../directory/directory.ts';
import { readFlag } from '../schema/scalar.ts';
import { isSecretInfo } from '../schema/secret-names.ts';
import type { TokenRecord } from '../token/record.ts';
import { infoValue } from '../token/token.ts';
import { showInfo } from '../token/view.ts';
import { badParameter, noSuchUser } from './fault.ts';
import { readLive, readTokensOf, type TokenSources } from './named-tokens.ts';
import { type Parameters, textOf } from './parameters.ts';
import type { ApiOperations } from './serve.ts';
import { about } from './token-changes.ts';
import { numberOf } from './token-settings.ts';

export interface TokenListTools extends TokenSources {
  readonly directory: Pick<Directory, 'containerOfToken'>;
  /** All tokens, in no order. */
  scan(): AsyncIterable<TokenRecord>;
}

const PAGE_SIZE = 15;
const LARGEST_PAGE = 1000;
/** Beyond it the filters have to name a user or serials: a list is counted and sorted as a whole. */
const MOST_SCANNED = 50_000;

export function tokenListOperations(tools: TokenListTools): ApiOperations {
  return {
    'GET /token': {
      event: 'token_list',
      id: 1,
      wanted: 'user or admin',
      async prepare({ parameters }) {
        const page = pageOf(parameters);
        const matches = filterOf(parameters);
        const candidates = await candidatesOf(parameters, tools);
        // The event is about the token that the call names.
        return {
          ...(Array.isArray(candidates) && textOf(parameters, 'serial') ? about(candidates) : {}),
          async perform() {
            const found: TokenRecord[] = [];
            for await (const record of candidates) if (matches(record)) found.push(record);
            const { pageRecords, ...place } = page(found);
            const tokens = await Promise.all(pageRecords.map((record) => listed(record, tools)));
            const serials = pageRecords.map(({ token }) => token.serial);
            return { value: { tokens, ...place }, told: { tokens: serials, ...place } };
          },
        };
      },
    },
  };
}

/** The tokens that a filter can find at all: those named, those of a user, else all. @throws ApiFault 400 */
async function candidatesOf(
  parameters: Parameters,
  tools: TokenListTools,
): Promise<readonly TokenRecord[] | AsyncIterable<TokenRecord>> {
  const named = await tools.readUser(parameters);
  if (named && named.user === null) throw noSuchUser();
  if (named?.user) return readTokensOf(named.user, tools);
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

type Filter = (record: TokenRecord) => boolean;

/** Every filter that is given has to hold; `*` stands for any text. */
function filterOf(parameters: Parameters): Filter {
  const filters: Filter[] = [];
  const onText = (name: string, values: (record: TokenRecord) => readonly string[]) => {
    const wanted = textOf(parameters, name);
    if (!wanted) return;
    const matches = listOf(wanted).map(wildcard);
    filters.push((record) => values(record).some((value) => matches.some((one) => one(value))));
  };
  const onFlag = (name: string, value: (record: TokenRecord) => boolean) => {
    const wanted = flagOf(parameters, name);
    if (wanted !== undefined) filters.push((record) => value(record) === wanted);
  };
  onText('serial', ({ token }) => [token.serial]);
  onText('type', ({ token }) => [token.tokentype]);
  onText('type_list', ({ token }) => [token.tokentype]);
  onText('tokenrealm', ({ token }) => token.realms);
  onText('resolver', ({ token }) => (token.user ? [token.user.resolver] : []));
  onText('userid', ({ token }) => (token.user ? [token.user.uid] : []));
  onText('description', ({ token }) => [token.description]);
  onText('rollout_state', (record) => [rolloutState(record)]);
  if (!textOf(parameters, 'user')) onText('realm', ({ token }) => (token.user ? [token.user.realm] : []));
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

/** Without regard to case, as the databases behind privacyIDEA compare. */
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

function flagOf(parameters: Parameters, name: string): boolean | undefined {
  const given = parameters[name];
  if (given === undefined || given === '') return undefined;
  const read = readFlag(given);
  if (read !== null) return read;
  throw badParameter(`Parameter '${name}' must be True or False.`);
}

/** What the list can be sorted by. */
const SORTABLE = ['serial', 'tokentype', 'description', 'failcount', 'maxfail', 'active', 'count', 'otplen'] as const;

/** @returns what cuts the page out of all that was found @throws ApiFault 400 */
function pageOf(parameters: Parameters) {
  const number = numberOf(parameters, 'page', 1) ?? 1;
  const size = numberOf(parameters, 'pagesize', 1) ?? PAGE_SIZE;
  if (size > LARGEST_PAGE) throw badParameter(`Parameter 'pagesize' must be at most ${LARGEST_PAGE}.`);
  const field = SORTABLE.find((one) => one === parameters['sortby']) ?? 'serial';
  const direction = textOf(parameters, 'sortdir') === 'desc' ? -1 : 1;
  return (found: readonly TokenRecord[]) => {
    const sorted = found.toSorted(({ token: a }, { token: b }) => {
      const order = compare(a[field], b[field]) || compare(a.serial, b.serial);
      return direction * order;
    });
    const count = sorted.length;
    return {
      pageRecords: sorted.slice((number - 1) * size, number * size),
      count,
      current: number,
      next: number * size < count ? number + 1 : null,
      prev: number > 1 ? number - 1 : null,
    };
  };
}

function compare<T>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const rolloutState = ({ token }: TokenRecord): string =>
  token.rollout_state === 'enrolled' ? '' : token.rollout_state;

/** A token as privacyIDEA lists it. Its `locked` is what revoking sets. */
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
