/** An import against somebody who makes a token at the same moment: whose serial it is first keeps it. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { importFile } from '../../cli/import/import-file.ts';
import { type ImportTools, writeRows } from '../../cli/import/import-tokens.ts';
import type { Row } from '../../cli/import/row.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { newRecord } from '../../lib/token/record.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { memoryBox } from '../support/secrets.ts';
import { CLONE } from './tokenwright.ts';

const USER = { login: 'ada', realm: 'sales', resolver: 'ldap', uid: '1' };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ root: CLONE });
  connectTo(stack.environment);
});
afterAll(() => stack?.stop());

it.each([
  [false, { good: 1, bad: 1, skipped: 0 }],
  [true, { good: 1, bad: 0, skipped: 1 }],
])('overwrites no token that was made after it looked, with skipExisting %s', async (skipExisting, counted) => {
  const client = documentClient();
  const { tokens: table } = tablesOf(stack.environment);
  const store = tokenStore(client, table);
  const serials = ['theirs', 'free'].map((name) => `${name}-${skipExisting}`);
  const [theirs = ''] = serials;
  async function* rows(): AsyncGenerator<Row> {
    for (const serial of serials) {
      yield { ok: true, at: serial, token: { serial, tokentype: 'hotp', description: 'imported' }, owner: USER };
    }
  }
  const tools: ImportTools = {
    client,
    table,
    store,
    box: memoryBox(),
    skipExisting,
    signal: new AbortController().signal,
    progress: () => undefined,
    // The owner is looked up after the serial was found free.
    directory: {
      findUser: async () => {
        await store.create(newRecord({ serial: theirs, tokentype: 'totp', description: 'theirs' }));
        return { ...USER, attributes: {} };
      },
    },
  };
  expect(await writeRows(rows, tools)).toMatchObject(counted);
  expect((await store.read(theirs))?.token).toMatchObject({ tokentype: 'totp', description: 'theirs' });
  expect((await store.read(`free-${skipExisting}`))?.token).toMatchObject({ description: 'imported', user: USER });
});

it('skips all tokens of a file that is imported already, and refuses none', async () => {
  const tables = tablesOf(stack.environment);
  const file = join(await mkdtemp(join(tmpdir(), 'import-')), 'tokens.csv');
  await writeFile(file, 'AGAIN1, 3132333435363738393031323334353637383930, hotp, 6\n');
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  await importFile(tables, file, { json: true });
  await importFile(tables, file, { json: true, skipExisting: true });
  expect(printed.map((line) => JSON.parse(line))).toMatchObject([
    { tokens: 1, skipped: 0 },
    { tokens: 0, skipped: 1, refused: 0 },
  ]);
});
