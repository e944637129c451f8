/**
 * Puts the tokens of a file into the table: first every row is checked, then the good ones are written, a few at a
 * time. Neither holds more than the serials and the first faults, however long the file is.
 */
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inFlight } from '../../lib/base/concurrency.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import type { Directory } from '../../lib/directory/directory.ts';
import type { UserIdentity } from '../../lib/directory/user.ts';
import type { SecretBox } from '../../lib/secret/box.ts';
import type { TokenStore } from '../../lib/token/store.ts';
import { type ImportedToken, importToken } from '../../lib/tokentype/imported-token.ts';
import type { Row, Rows } from './row.ts';

export interface ImportTools {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly store: Pick<TokenStore, 'create'>;
  readonly directory: Pick<Directory, 'findUser'>;
  readonly box: SecretBox;
  /** Whether tokens that are there already are passed over; else they are faults. */
  readonly skipExisting: boolean;
  /** Stops the work: no further token is begun. */
  readonly signal: AbortSignal;
  /** Told now and then how many rows were done. */
  progress(what: 'checked' | 'imported', rows: number): void;
}

export interface Findings {
  readonly good: number;
  readonly bad: number;
  /** Were there already, and are passed over. */
  readonly skipped: number;
  /** How many have a PIN, whose hash takes its time. */
  readonly pins: number;
  /** Of the first hundred bad rows. */
  readonly errors: readonly TokenwrightError[];
}

interface Good {
  readonly at: string;
  readonly token: ImportedToken;
}

type CheckedToken = Good | 'there' | readonly TokenwrightError[];

const ERRORS_SHOWN = 100;
const BATCH = 100;
const WRITES_IN_FLIGHT = 32;

/** Checks every row, and writes nothing. */
export async function checkRows(rows: Rows, tools: ImportTools): Promise<Findings> {
  const tally = tallied();
  for await (const batch of checkedBatches(rows, tools)) {
    for (const one of batch) tally.add(one);
    tools.progress('checked', tally.rows);
    if (tools.signal.aborted) break;
  }
  return tally.findings();
}

/** Writes the good rows, each only where its serial is free then; what cannot be stored is bad. */
export async function writeRows(rows: Rows, tools: ImportTools): Promise<Findings> {
  const tally = tallied();
  for await (const batch of checkedBatches(rows, tools)) {
    const take = async (one: CheckedToken): Promise<void> => {
      if (tools.signal.aborted) return;
      tally.add(isGood(one) ? await write(one, tools) : one);
      tools.progress('imported', tally.good);
    };
    await inFlight(batch, take, WRITES_IN_FLIGHT);
    if (tools.signal.aborted) break;
  }
  return tally.findings();
}

const isGood = (one: CheckedToken): one is Good => typeof one === 'object' && 'token' in one;

async function write(one: Good, { store, box, skipExisting }: ImportTools): Promise<CheckedToken> {
  const { at, token } = one;
  try {
    if (await store.create(await importToken(token, box))) return one;
    return skipExisting ? 'there' : [taken(at, token.serial)];
  } catch (error) {
    if (error instanceof TokenwrightError) return [error.under(at)];
    throw error;
  }
}

async function* checkedBatches(rows: Rows, tools: ImportTools): AsyncGenerator<CheckedToken[]> {
  const seen = new Set<string>();
  let batch: Row[] = [];
  for await (const row of rows()) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield await checkBatch(batch, seen, tools);
    batch = [];
  }
  if (batch.length > 0) yield await checkBatch(batch, seen, tools);
}

async function checkBatch(batch: readonly Row[], seen: Set<string>, tools: ImportTools): Promise<CheckedToken[]> {
  const serials = batch.flatMap((row) => (row.ok ? [row.token.serial] : []));
  const known = await existing([...new Set(serials)], tools);
  return Promise.all(
    batch.map(async (row): Promise<CheckedToken> => {
      if (!row.ok) return row.errors;
      const { at, token, owner } = row;
      const twice = seen.has(token.serial);
      seen.add(token.serial);
      if (twice) return [new TokenwrightError('bad_token', 'is given twice', { path: `${at}.serial` })];
      if (known.has(token.serial)) return tools.skipExisting ? 'there' : [taken(at, token.serial)];
      if (!owner) return { at, token };
      const user = await tools.directory.findUser(owner);
      if (user) return { at, token: { ...token, user: identityOf(user) } };
      const message = `there is no user ${owner.login} in the realm ${owner.realm}`;
      return [new TokenwrightError('unknown_user', message, { path: `${at}.user` })];
    }),
  );
}

const identityOf = ({ login, realm, resolver, uid }: UserIdentity): UserIdentity => ({ login, realm, resolver, uid });

/** Which serials belong to a token; a deleted one's is free again. */
async function existing(serials: readonly string[], { client, table }: ImportTools): Promise<Set<string>> {
  const found = new Set<string>();
  let waiting = serials.map((serial) => ({ serial }));
  while (waiting.length > 0) {
    const wanted = { Keys: waiting, ProjectionExpression: 'serial, deleted_at', ConsistentRead: true };
    const page = await client.send(new BatchGetCommand({ RequestItems: { [table]: wanted } }));
    for (const { serial, deleted_at } of page.Responses?.[table] ?? []) {
      if (deleted_at === undefined) found.add(String(serial));
    }
    waiting = (page.UnprocessedKeys?.[table]?.Keys ?? []).map(({ serial }) => ({ serial: String(serial) }));
  }
  return found;
}

function taken(at: string, serial: string): TokenwrightError {
  return new TokenwrightError('token_exists', `there is a token ${serial} already`, { path: `${at}.serial` });
}

function tallied() {
  const errors: TokenwrightError[] = [];
  let [good, bad, skipped, pins] = [0, 0, 0, 0];
  return {
    add(one: CheckedToken): void {
      if (one === 'there') skipped += 1;
      else if (isGood(one)) {
        good += 1;
        if (one.token.pin) pins += 1;
      } else {
        bad += 1;
        if (bad <= ERRORS_SHOWN) errors.push(...one);
      }
    },
    get good() {
      return good;
    },
    get rows() {
      return good + bad + skipped;
    },
    findings: (): Findings => ({ good, bad, skipped, pins, errors }),
  };
}
