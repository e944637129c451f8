/** The ring on the real parts: DynamoDB and KMS as the local stack serves them, through the SDK. */
import { KMSClient } from '@aws-sdk/client-kms';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kms } from '../../infra/local/api/kms.ts';
import { apiServer } from '../../infra/local/api/server.ts';
import { keysFrom } from '../../infra/local/keys.ts';
import { listen, stopServer } from '../../infra/local/listen.ts';
import { createTable } from '../../infra/local/tables.ts';
import { secretBox } from '../../lib/secret/box.ts';
import { type KeyRing, keyRing } from '../../lib/secret/key-ring.ts';
import { kmsWrapper } from '../../lib/secret/kms.ts';
import type { SecretContext } from '../../lib/secret/sealed.ts';
import { keyTable } from '../../lib/secret/store.ts';
import { startDynamodb } from '../support/dynamodb.ts';

const OATH1: SecretContext = { purpose: 'otpkey', serial: 'OATH0001' };
const PLAIN = Buffer.from('the key of OATH0001');
const KEYS = [
  { id: 'SecretsKey', arn: 'arn:aws:kms:eu-central-1:000000000000:key/SecretsKey', spec: 'SYMMETRIC_DEFAULT' },
];

let database: Awaited<ReturnType<typeof startDynamodb>>;
let table: string;
let tables = 0;
let calls: string[] = [];
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await startDynamodb();
});
afterAll(async () => {
  await database.stop();
  await Promise.all(stops.map((stop) => stop()));
});
beforeEach(async () => {
  tables += 1;
  table = `keys${tables}`;
  calls = [];
  await createTable(database.documents, {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'ring', AttributeType: 'S' },
      { AttributeName: 'version', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'ring', KeyType: 'HASH' },
      { AttributeName: 'version', KeyType: 'RANGE' },
    ],
  });
});

/** KMS with the secret of one key file. */
async function kmsWith(secret: string): Promise<KMSClient> {
  const operations = kms(keysFrom(Buffer.alloc(32, secret), KEYS));
  const server = apiServer(
    () => [{ target: 'TrentService', name: 'kms', operations }],
    (call) => calls.push(call),
  );
  const [endpoint = ''] = await listen([server], 0);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new KMSClient({ endpoint, region: 'eu-central-1', credentials });
  stops.push(async () => {
    client.destroy();
    await stopServer(server);
  });
  return client;
}

async function instance(secret = 'one', now = () => 0): Promise<KeyRing> {
  return keyRing(keyTable(database.documents, table), kmsWrapper('SecretsKey', await kmsWith(secret)), now);
}

describe('the data keys', () => {
  it('begin with version 1, and instances that start at the same time agree on one key', async () => {
    const rings = await Promise.all(['one', 'one', 'one', 'one'].map((secret) => instance(secret)));
    const keys = await Promise.all(rings.map((ring) => ring.newest()));
    expect(keys.map(({ version }) => version)).toEqual([1, 1, 1, 1]);
    expect(new Set(keys.map(({ key }) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });

  it('cost one call of KMS per instance, for any number of secrets', async () => {
    await (await instance()).newest();
    calls = [];
    const box = secretBox(await instance());
    const sealed = await Promise.all(Array.from({ length: 50 }, () => box.seal(PLAIN, OATH1)));
    for (const one of sealed) await box.open(one, OATH1);
    expect(calls).toEqual(['kms:Decrypt']);
  });

  it('are rotated: new secrets go under the new one, within five seconds everywhere, and old ones still open', async () => {
    let time = 0;
    const other = secretBox(await instance('one', () => time));
    const old = await other.seal(PLAIN, OATH1);
    await (await instance()).rotate();
    time = 4999;
    expect(await other.seal(PLAIN, OATH1)).toEqual(old);
    time = 5000;
    const young = await other.seal(PLAIN, OATH1);
    expect([old, young].map((sealed) => sealed[4])).toEqual([1, 2]);
    for (const sealed of [old, young]) expect(Buffer.from(await other.open(sealed, OATH1))).toEqual(PLAIN);
  });

  it('open nothing with another key file', async () => {
    const sealed = await secretBox(await instance('one')).seal(PLAIN, OATH1);
    const other = secretBox(await instance('two'));
    await expect(other.open(sealed, OATH1)).rejects.toMatchObject({ code: 'bad_secret' });
    await expect(other.seal(PLAIN, OATH1)).rejects.toMatchObject({ code: 'bad_secret' });
  });

  it('are bound to their version: one copied over another does not unwrap', async () => {
    const ring = await instance();
    await ring.newest();
    const { wrapped } = (await keyTable(database.documents, table).read(1)) ?? {};
    await database.documents.send(new PutCommand({ TableName: table, Item: { ring: 'data', version: 2, wrapped } }));
    await expect(ring.byVersion(2)).rejects.toMatchObject({ code: 'bad_secret' });
  });

  it('are asked for again after a failure', async () => {
    const wrapper = kmsWrapper('SecretsKey', await kmsWith('one'));
    let failures = 1;
    const ring = keyRing(
      keyTable(database.documents, table),
      { ...wrapper, generate: (v) => (failures-- > 0 ? Promise.reject(new Error('throttled')) : wrapper.generate(v)) },
      () => 0,
    );
    await expect(ring.newest()).rejects.toThrow('throttled');
    expect((await ring.newest()).version).toBe(1);
  });
});
