/**
 * Puts the tokens of a file into the table: first every row is checked, then the good ones are written, a few at a
 * time. Neither holds more than the serials and the first faults, however long the file is.
 */
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TokenwrightError } from '../../lib/base/error.ts';
import { inFlight } from '../../lib/base/in-flight.ts';
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
  /** Told now and then how many rows were done. */
  progress(what: 'checked' | 'imported', rows: number): void;
}

export interface Findings {
  readonly good: number;
  readonly bad: number;
  /** Of the first hundred bad rows. */
  readonly errors: readonly TokenwrightError[];
}

type Checked = { readonly at: string; readonly token: ImportedToken } | readonly TokenwrightError[];

const ERRORS_SHOWN = 100;
const BATCH = 100;
const WRITES_IN_FLIGHT = 32;

/** Checks every row, and writes nothing. */
export async function checkRows(rows: Rows, tools: ImportTools): Promise<Findings> {
  const tally = tallied();
  for await (const batch of checkedBatches(rows, tools)) {
    for (const one of batch) tally.add('token' in one ? [] : one);
    tools.progress('checked', tally.rows);
  }
  return tally.findings();
}

/** Writes the good rows; what is taken meanwhile, or cannot be stored, is bad. */
export async function writeRows(rows: Rows, tools: ImportTools): Promise<Findings> {
  const tally = tallied();
  for await (const batch of checkedBatches(rows, tools)) {
    const writeOne = async (one: Checked) => tally.add('token' in one ? await write(one, tools) : one);
    await inFlight(batch, writeOne, WRITES_IN_FLIGHT);
    tools.progress('imported', tally.good);
  }
  return tally.findings();
}

async function write(
  { at, token }: { readonly at: string; readonly token: ImportedToken },
  { store, box }: ImportTools,
): Promise<readonly TokenwrightError[]> {
  try {
    return (await store.create(await importToken(token, box))) ? [] : [taken(at, token.serial)];
  } catch (error) {
    if (error instanceof TokenwrightError) return [error.under(at)];
    throw error;
  }
}

async function* checkedBatches(rows: Rows, tools: ImportTools): AsyncGenerator<Checked[]> {
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

async function checkBatch(batch: readonly Row[], seen: Set<string>, tools: ImportTools): Promise<Checked[]> {
  const serials = batch.flatMap((row) => (row.ok ? [row.token.serial] : []));
  const there = await takenSerials([...new Set(serials)], tools);
  return Promise.all(
    batch.map(async (row): Promise<Checked> => {
      if (!row.ok) return row.errors;
      const { at, token, owner } = row;
      const twice = seen.has(token.serial);
      seen.add(token.serial);
      if (twice) return [new TokenwrightError('bad_token', 'is given twice', { path: `${at}.serial` })];
      if (there.has(token.serial)) return [taken(at, token.serial)];
      if (!owner) return { at, token };
      const user = await tools.directory.findUser(owner);
      if (user) return { at, token: { ...token, user: identityOf(user) } };
      const message = `there is no user ${owner.login} in the realm ${owner.realm}`;
      return [new TokenwrightError('unknown_user', message, { path: `${at}.user` })];
    }),
  );
}

const identityOf = ({ login, realm, resolver, uid }: UserIdentity): UserIdentity => ({ login, realm, resolver, uid });

/** Which serials belong to a token; a deleted one is free again. */
async function takenSerials(serials: readonly string[], { client, table }: ImportTools): Promise<Set<string>> {
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
  let good = 0;
  let bad = 0;
  return {
    add(faults: readonly TokenwrightError[]): void {
      if (faults.length === 0) good += 1;
      else bad += 1;
      if (bad <= ERRORS_SHOWN) errors.push(...faults);
    },
    get good() {
      return good;
    },
    get rows() {
      return good + bad;
    },
    findings: (): Findings => ({ good, bad, errors }),
  };
}
