/** Rotation on a real stack: DynamoDB and KMS as the local stack serves them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RotationTools, rotate, rotationTools } from '../../cli/rotate/rotate.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { readCurrent } from '../../lib/definition/commit.ts';
import { propose } from '../../lib/definition/propose.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import { versionOf } from '../../lib/secret/sealed.ts';

const SERIALS = Array.from({ length: 120 }, (_, i) => `T${i}`);
const DEFINITION = { id: 1, event: 'a', action: 'enroll', options: { tokentype: 'motp', motppin: '1234' } };
const KEY = '3132333435363738393031323334353637383930';

let stack: Stack;
let tools: RotationTools;

beforeAll(async () => {
  stack = await startStack({ concurrency: 1, retryDelay: () => 0 });
  Object.assign(process.env, stack.environment);
  const tables = tablesOf(stack.environment);
  const tokens = SERIALS.map((serial) => ({ serial, tokentype: 'hotp', otpkey: KEY }));
  await seed(await readScenario({ tokens, definitions: [DEFINITION] }, 0), tables);
  let clock = 1_000_000;
  tools = {
    ...(await rotationTools(tables)),
    // Ten seconds a look: nobody holds the old key for so long, and the test does not wait.
    now: () => (clock += 10_000),
    progress: () => undefined,
  };
});
afterAll(() => stack.stop());

async function versions(): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const serial of SERIALS) {
    const version = versionOf((await tools.store.read(serial))?.otpkey ?? new Uint8Array());
    counts[version] = (counts[version] ?? 0) + 1;
  }
  return counts;
}

it('goes on where it was stopped, makes no second key for it, and leaves every secret readable', async () => {
  let writes = 0;
  const dying: RotationTools = {
    ...tools,
    store: {
      ...tools.store,
      replace: (before, after) => {
        writes += 1;
        return writes > 30 ? Promise.reject(new Error('killed')) : tools.store.replace(before, after);
      },
    },
  };
  await expect(rotate(dying)).rejects.toThrow('killed');
  expect(await versions()).toEqual({ 1: 90, 2: 30 });
  expect(await rotate(tools)).toEqual({ version: 2, tokens: 90, definitions: 1, broken: [] });
  expect(await versions()).toEqual({ 2: 120 });
  const context = { purpose: 'otpkey', serial: 'T7' } as const;
  const opened = await tools.box.open((await tools.store.read('T7'))?.otpkey ?? new Uint8Array(), context);
  expect(Buffer.from(opened).toString('hex')).toBe(KEY);
});

it('begins anew once it is done, and names what no key opens', async () => {
  const record = await tools.store.read('T1');
  const foreign = await tools.store.read('T2');
  if (!record || !foreign) throw new Error('the tokens are there');
  await tools.store.replace(record, { ...record, version: record.version + 1, otpkey: foreign.otpkey });
  expect(await rotate(tools)).toEqual({ version: 3, tokens: 119, definitions: 1, broken: ['T1'] });
});

it('changes no definition: what says the same secret is no change, what says another is one', async () => {
  const current = await readCurrent(definitionStore(tools.client, tools.definitions));
  const planned = async (motppin: string) => {
    const input = [{ ...DEFINITION, options: { ...DEFINITION.options, motppin } }];
    return (await propose([{ input }], current, 'replace', tools.box)).changes.map(({ fields }) => fields);
  };
  expect(await planned('1234')).toEqual([]);
  expect(await planned('4321')).toMatchObject([[{ path: 'options.motppin' }]]);
});
