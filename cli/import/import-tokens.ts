/**
 * Writes the tokens of a file into the table: first checks every row, then writes the valid ones, a few at a time. Keeps only
 * the serials and the first faults in memory, so a file may be long.
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
  /** Whether tokens that exist already are skipped; otherwise they are faults. */
  readonly skipExisting: boolean;
  /** After it aborts, no further token is written. */
  readonly signal: AbortSignal;
  /** Is called with the number of rows done. */
  progress(what: 'checked' | 'imported', rows: number): void;
}

export interface Findings {
  readonly good: number;
  readonly bad: number;
  /** Number of tokens that exist already and are skipped. */
  readonly skipped: number;
  /** Number of tokens with a PIN; hashing one takes about 0.02 seconds. */
  readonly pins: number;
  /** The errors of the first hundred bad rows. */
  readonly errors: readonly TokenwrightError[];
}

interface Good {
  readonly at: string;
  readonly token: ImportedToken;
}

/** A valid token, one that exists already and is skipped, or the errors of a faulty one. */
type CheckedToken = Good | 'exists' | readonly TokenwrightError[];

const ERRORS_SHOWN = 100;
/** The limit of one BatchGetItem. */
const READ_BATCH = 100;
const READS_IN_FLIGHT = 4;
/** Writes are awaited at the end of each batch. */
const WRITE_BATCH = 1000;
const WRITES_IN_FLIGHT = 32;

/** The result of checking a file. */
export interface CheckedFile extends Findings {
  /** Serials of the file that belonged to a token. */
  readonly taken: ReadonlySet<string>;
}

/** Checks every row, and writes nothing. */
export async function checkRows(rows: Rows, tools: ImportTools): Promise<CheckedFile> {
  const tally = tallied();
  const taken = new Set<string>();
  const checkBatch = async (batch: readonly Row[]): Promise<CheckedToken[]> => {
    for (const serial of await existing(batch, tools)) taken.add(serial);
    return Promise.all(batch.map((row) => checkRow(row, taken, tools)));
  };
  for await (const batch of callAhead(inBatches(firstOfEach(rows), READ_BATCH), checkBatch)) {
    for (const one of batch) tally.add(one);
    tools.progress('checked', tally.rows);
    if (tools.signal.aborted) break;
  }
  return { ...tally.findings(), taken };
}

/**
 * Writes the valid rows, each only if its serial is still free. Rows that cannot be stored are counted as bad.
 *
 * @param taken serials that the check found; the write itself detects a token that was created since
 */
export async function writeRows(
  rows: Rows,
  tools: ImportTools,
  taken: ReadonlySet<string> = new Set(),
): Promise<Findings> {
  const tally = tallied();
  const take = async (row: Row): Promise<void> => {
    if (tools.signal.aborted) return;
    const checked = await checkRow(row, taken, tools);
    tally.add(isGood(checked) ? await write(checked, tools) : checked);
    tools.progress('imported', tally.good);
  };
  for await (const batch of inBatches(firstOfEach(rows), WRITE_BATCH)) {
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
    return skipExisting ? 'exists' : [takenError(at, token.serial)];
  } catch (error) {
    if (error instanceof TokenwrightError) return [error.under(at)];
    throw error;
  }
}

/** Yields the rows of a file. A row whose serial occurred before is faulty. */
async function* firstOfEach(rows: Rows): AsyncGenerator<Row> {
  const seen = new Set<string>();
  for await (const row of rows()) {
    if (!row.ok || !seen.has(row.token.serial)) yield row;
    else
      yield { ok: false, errors: [new TokenwrightError('bad_token', 'is given twice', { path: `${row.at}.serial` })] };
    if (row.ok) seen.add(row.token.serial);
  }
}

async function* inBatches(rows: AsyncIterable<Row>, size: number): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Calls a function for the next items while the result for one is awaited. Yields the results in the order of the
 * items.
 */
async function* callAhead<T, R>(items: AsyncIterable<T>, call: (item: T) => Promise<R>): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for await (const item of items) {
    const result = call(item);
    result.catch(() => undefined); // It throws if it is awaited.
    underWay.push(result);
    if (underWay.length === READS_IN_FLIGHT) yield* underWay.splice(0, 1);
  }
  yield* underWay;
}

/** Checks one row, and looks up its owner. @param taken serials that belong to tokens */
async function checkRow(row: Row, taken: ReadonlySet<string>, tools: ImportTools): Promise<CheckedToken> {
  if (!row.ok) return row.errors;
  const { at, token, owner } = row;
  if (taken.has(token.serial)) return tools.skipExisting ? 'exists' : [takenError(at, token.serial)];
  if (!owner) return { at, token };
  const user = await tools.directory.findUser(owner);
  if (user) return { at, token: { ...token, user: identityOf(user) } };
  const message = `there is no user ${owner.login} in the realm ${owner.realm}`;
  return [new TokenwrightError('unknown_user', message, { path: `${at}.user` })];
}

const identityOf = ({ login, realm, resolver, uid }: UserIdentity): UserIdentity => ({ login, realm, resolver, uid });

/** Returns the serials of a batch that belong to a token. The serial of a deleted token is free again. */
async function existing(batch: readonly Row[], { client, table }: ImportTools): Promise<string[]> {
  const found: string[] = [];
  let waiting = batch.flatMap((row) => (row.ok ? [{ serial: row.token.serial }] : []));
  while (waiting.length > 0) {
    const wanted = { Keys: waiting, ProjectionExpression: 'serial, deleted_at', ConsistentRead: true };
    const page = await client.send(new BatchGetCommand({ RequestItems: { [table]: wanted } }));
    for (const { serial, deleted_at } of page.Responses?.[table] ?? []) {
      if (deleted_at === undefined) found.push(String(serial));
    }
    waiting = (page.UnprocessedKeys?.[table]?.Keys ?? []).map(({ serial }) => ({ serial: String(serial) }));
  }
  return found;
}

function takenError(at: string, serial: string): TokenwrightError {
  return new TokenwrightError('token_exists', `there is a token ${serial} already`, { path: `${at}.serial` });
}

/** Counts checked tokens, and keeps the errors of the first faulty ones. */
function tallied() {
  const errors: TokenwrightError[] = [];
  let [good, bad, skipped, pins] = [0, 0, 0, 0];
  return {
    add(one: CheckedToken): void {
      if (one === 'exists') skipped += 1;
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
