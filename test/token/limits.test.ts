/** The limits of DynamoDB, on a real DynamoDB API: names, expressions, keys, items. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyEffects } from '../../lib/token/apply.ts';
import { applicationPath, type Effect, infoPath } from '../../lib/token/effect.ts';
import { newRecord, type TokenRecord } from '../../lib/token/record.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { updateInput } from '../../lib/token/update.ts';
import { startDynamodb, TABLE } from '../support/dynamodb.ts';

let dynamodb: Awaited<ReturnType<typeof startDynamodb>>;
beforeAll(async () => {
  dynamodb = await startDynamodb();
});
afterAll(() => dynamodb?.stop());

const STAMP = { time: Date.parse('2026-03-15T10:20:30Z'), ordering: 0, definition: 1, event: 'e1' };
const store = () => tokenStore(dynamodb.documents, TABLE);

async function created(serial: string): Promise<TokenRecord> {
  await store().create(newRecord({ serial, tokentype: 'hotp', info: { kept: 'as it was' } }));
  const record = await store().read(serial);
  if (record === undefined) throw new Error('not there');
  return record;
}

/** The record with those effects, one version on. */
function changed(record: TokenRecord, effects: readonly Effect[]): TokenRecord {
  return { ...applyEffects(record, effects, STAMP).record, version: record.version + 1 };
}

const setInfo = (key: string, value: string | null): Effect => ({ kind: 'assign', path: infoPath(key), value });

const NAMES: readonly string[] = [
  '__proto__',
  '%__proto__',
  '%%__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'a.b',
  'info.kept',
  'kept = :v0, #n1',
  '#version',
  ':read',
  'two words',
  'list[0]',
  'SET',
  '\u0000',
  '😀',
  'k'.repeat(10_240),
];

describe('a tokeninfo key', () => {
  it.each(NAMES.map((key) => [key.slice(0, 20), key]))(
    '%j is plain data: set, read, deleted, and nothing else is touched',
    async (_, key) => {
      const serial = `K-${NAMES.indexOf(key)}`;
      const before = await created(serial);
      expect(await store().replace(before, changed(before, [setInfo(key, 'x')]))).toBe(true);
      const set = await store().read(serial);
      expect(Object.entries(set?.token.info ?? {}).sort()).toEqual(
        [
          [key, 'x'],
          ['kept', 'as it was'],
        ].sort(),
      );
      expect(set?.token).toMatchObject({ active: true, description: '', failcount: 0 });
      expect(set?.version).toBe(2);
      if (set) expect(await store().replace(set, changed(set, [setInfo(key, null)]))).toBe(true);
      expect(Object.entries((await store().read(serial))?.token.info ?? {})).toEqual([['kept', 'as it was']]);
      expect(Object.keys({})).toEqual([]);
    },
  );
});

describe('the update expression', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => setInfo(`key${i}`, String(i)));

  it.each([1, 20, 40, 41, 400])('stays within 4 KB and 300 operators when %d keys change', async (count) => {
    const before = await created(`E-${count}`);
    const after = changed(before, many(count));
    const { UpdateExpression = '' } = updateInput(TABLE, before, after);
    expect(Buffer.byteLength(UpdateExpression)).toBeLessThan(4096);
    expect(UpdateExpression.split(/[=.]/).length).toBeLessThan(300);
    expect(await store().replace(before, after)).toBe(true);
    const read = await store().read(`E-${count}`);
    expect(read).toEqual(after);
    if (!read) return;
    const emptied = changed(
      read,
      many(count).map((effect) => ({ ...effect, value: null }) as Effect),
    );
    expect(await store().replace(read, { ...emptied, stamps: {} })).toBe(true);
    expect(await store().read(`E-${count}`)).toMatchObject({ token: { info: { kept: 'as it was' } }, stamps: {} });
  });
});

describe('an item', () => {
  it('over 400 KB is refused with a code, and the token stays as it was', async () => {
    const before = await created('L');
    const after = changed(before, [setInfo('large', 'x'.repeat(410_000))]);
    await expect(store().replace(before, after)).rejects.toMatchObject({ code: 'token_too_large' });
    const large = newRecord({ serial: 'L2', tokentype: 'hotp', description: 'x'.repeat(410_000) });
    await expect(store().create(large)).rejects.toMatchObject({ code: 'token_too_large' });
    expect(await store().read('L')).toEqual(before);
  });
});

it('an application on a machine whose name is no text has a path of its own, and throws nothing', () => {
  expect(applicationPath({ application: 'luks', 'machine ID': 'm\ud800' })).toBe('applications:luks:m%EF%BF%BD:');
});

describe('a key that no item can have', () => {
  it.each([
    ['empty', ''],
    ['too long', 's'.repeat(2049)],
    ['half a surrogate pair', 'T\ud800'],
  ])('%s names no token, instead of a call that is refused and repeated', async (_, serial) => {
    expect(await store().read(serial)).toBeUndefined();
    const owned = [];
    for await (const one of store().serialsOf({ resolver: 'r', uid: serial || 'u'.repeat(2049) })) owned.push(one);
    expect(owned).toEqual([]);
  });
});
