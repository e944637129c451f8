/**
 * Seals secrets again with the newest data key. Tokens are read page by page. Tokens and definitions are written
 * conditionally, so no change that happens meanwhile is lost or delayed.
 */
import { type DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unlessRefused } from '../../lib/aws/dynamodb.ts';
import { inFlight } from '../../lib/base/concurrency.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { resealBody } from '../../lib/definition/sealed-options.ts';
import type { SecretBox } from '../../lib/secret/box.ts';
import { versionOf } from '../../lib/secret/sealed.ts';
import type { TokenStore } from '../../lib/token/store.ts';

/** The counts of a page or of a table. */
export interface Resealed {
  readonly seen: number;
  readonly sealed: number;
  /** The serials or definitions whose secrets no key opens. */
  readonly broken: readonly string[];
}

export interface TokenPage extends Resealed {
  /** The last serial of the page; undefined if there are no more. */
  readonly cursor: string | undefined;
}

const PAGE = 500;
const ATTEMPTS = 20;

/** Seals the keys of the tokens after `cursor` again, page by page. @param version of the newest data key */
export async function* resealTokens(
  { client, table, store, box }: ResealTools,
  version: number,
  cursor: string | undefined,
): AsyncGenerator<TokenPage> {
  let start = cursor ? { serial: cursor } : undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table,
        Limit: PAGE,
        ProjectionExpression: 'serial, otpkey',
        ExclusiveStartKey: start,
      }),
    );
    const items = page.Items ?? [];
    const old = items.filter(({ otpkey }) => otpkey instanceof Uint8Array && !isUnder(otpkey, version));
    const broken: string[] = [];
    let sealed = 0;
    await inFlight(old, async ({ serial }) => {
      const result = await resealToken(String(serial), version, store, box);
      if (result === 'broken') broken.push(String(serial));
      if (result === 'sealed') sealed += 1;
    });
    start = page.LastEvaluatedKey ? { serial: String(page.LastEvaluatedKey.serial) } : undefined;
    yield { seen: items.length, sealed, broken, cursor: start?.serial };
  } while (start !== undefined);
}

export interface ResealTools {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly store: Pick<TokenStore, 'read' | 'replace'>;
  readonly box: SecretBox;
}

async function resealToken(
  serial: string,
  version: number,
  store: ResealTools['store'],
  box: SecretBox,
): Promise<'sealed' | 'nothing' | 'broken'> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const record = await store.read(serial);
    if (!record?.otpkey || isUnder(record.otpkey, version)) return 'nothing';
    try {
      const context = { purpose: 'otpkey', serial } as const;
      const otpkey = await box.seal(await box.open(record.otpkey, context), context);
      if (await store.replace(record, { ...record, version: record.version + 1, otpkey })) return 'sealed';
    } catch (error) {
      if (error instanceof TokenwrightError && error.code === 'bad_secret') return 'broken';
      throw error;
    }
  }
  throw new Error(`the token ${serial} was changed by others ${ATTEMPTS} times in a row`);
}

/** Tells whether a secret is sealed with this version or a newer one; false if unreadable, which is reported later. */
function isUnder(otpkey: Uint8Array, version: number): boolean {
  try {
    return versionOf(otpkey) >= version;
  } catch {
    return false;
  }
}

/** Seals the secrets of every version of every definition again; changes nothing else. */
export async function resealDefinitions(
  client: DynamoDBDocumentClient,
  table: string,
  box: SecretBox,
): Promise<Resealed> {
  const broken: string[] = [];
  let [seen, sealed] = [0, 0];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ProjectionExpression: 'pk, sk, body', ExclusiveStartKey: start }),
    );
    for (const { pk, sk, body } of page.Items ?? []) {
      const [, id] = /^definition#(\d+)$/.exec(String(pk)) ?? [];
      if (id === undefined || typeof body !== 'string') continue;
      seen += 1;
      try {
        const again = await resealBody(JSON.parse(body) as unknown, Number(id), box);
        if (again && (await replaceBody(client, table, { pk, sk }, body, JSON.stringify(again)))) sealed += 1;
      } catch (error) {
        if (!(error instanceof TokenwrightError)) throw error;
        broken.push(`definition ${id}, version ${Number(sk)}`);
      }
    }
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return { seen, sealed, broken };
}

async function replaceBody(
  client: DynamoDBDocumentClient,
  table: string,
  Key: Record<string, unknown>,
  before: string,
  after: string,
): Promise<boolean> {
  const update = new UpdateCommand({
    TableName: table,
    Key,
    UpdateExpression: 'SET body = :after',
    ConditionExpression: 'body = :before',
    ExpressionAttributeValues: { ':before': before, ':after': after },
  });
  return unlessRefused(client.send(update)); // Refused if another rotation was first.
}
