import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { commit, readCurrentSet } from '../../lib/definition/commit.ts';
import { historyOf, rollBack } from '../../lib/definition/history.ts';
import { memoryBox } from '../support/secrets.ts';
import { freshStore } from './fresh-store.ts';

const fresh = freshStore();

const note = (by: string, how = 'set') => ({ at: '2026-03-15T10:20:30Z', by, how, message: `${by}'s` });
const body = (name: string) => ({ id: 7, name, event: ['auth'], action: 'disable' });
const save = async (by: string, contents: unknown) =>
  commit(fresh.store, await readCurrentSet(fresh.store), [{ id: 7, body: contents }], note(by));
const told = async () =>
  (await historyOf(fresh.store, 7)).map((one) => [one.version, one.note?.by, one.note?.how, one.applied]);

describe('the history of a definition', () => {
  it('names for each version who saved it, when and why, newest first', async () => {
    await save('ada', body('a'));
    await save('grace', body('b'));
    expect(await historyOf(fresh.store, 7)).toEqual([
      {
        id: 7,
        version: 2,
        body: body('b'),
        after: 1,
        note: { at: '2026-03-15T10:20:30Z', by: 'grace', how: 'set', message: "grace's" },
        applied: true,
        changes: [{ path: 'name', before: 'a', after: 'b' }],
      },
      {
        id: 7,
        version: 1,
        body: body('a'),
        after: 0,
        note: { at: '2026-03-15T10:20:30Z', by: 'ada', how: 'set', message: "ada's" },
        applied: false,
        changes: [
          { path: 'name', before: undefined, after: 'a' },
          { path: 'event', before: undefined, after: ['auth'] },
          { path: 'action', before: undefined, after: 'disable' },
        ],
      },
    ]);
  });

  it('keeps silent about a version whose writer was refused, and goes on past its number', async () => {
    await save('ada', body('a'));
    const from = await readCurrentSet(fresh.store);
    await save('grace', body('b'));
    const late = commit(fresh.store, from, [{ id: 7, body: body('c') }], note('eve'));
    await expect(late).rejects.toMatchObject({ code: 'definitions_changed' });
    await save('hans', body('d'));
    expect(await told()).toEqual([
      [4, 'hans', 'set', true],
      [2, 'grace', 'set', false],
      [1, 'ada', 'set', false],
    ]);
  });

  it('tells who deleted it, and goes on when it is back', async () => {
    await save('ada', body('a'));
    await save('grace', null);
    expect((await readCurrentSet(fresh.store)).live).toEqual(new Map());
    expect(await told()).toEqual([
      [2, 'grace', 'set', false],
      [1, 'ada', 'set', false],
    ]);
    expect(await rollBack(fresh.store, memoryBox(), 7, 1, note('hans', 'rollback to v1'))).toEqual({
      version: 3,
      isUnchanged: false,
    });
    expect(await told()).toEqual([
      [3, 'hans', 'rollback to v1', true],
      [2, 'grace', 'set', false],
      [1, 'ada', 'set', false],
    ]);
  });

  it('goes back to versions that were saved before notes were kept', async () => {
    const items = [
      { pk: 'pointer', sk: 'current', set: 2 },
      { pk: 'set#2', sk: '0000000000', entries: { 7: 2 } },
      { pk: 'definition#7', sk: '0000000001', body: JSON.stringify(body('a')) },
      { pk: 'definition#7', sk: '0000000002', body: JSON.stringify(body('b')) },
    ];
    for (const Item of items) await fresh.documents.send(new PutCommand({ TableName: fresh.table, Item }));
    await save('grace', body('c'));
    expect(await told()).toEqual([
      [3, 'grace', 'set', true],
      [2, undefined, undefined, false],
      [1, undefined, undefined, false],
    ]);
  });
});

describe('a rollback', () => {
  it('makes a new version with the old contents', async () => {
    for (const [by, name] of Object.entries({ ada: 'a', grace: 'b' })) await save(by, body(name));
    await rollBack(fresh.store, memoryBox(), 7, 1, note('hans'));
    expect((await historyOf(fresh.store, 7)).map((one) => (one.body as { name: string }).name)).toEqual([
      'a',
      'b',
      'a',
    ]);
  });

  it.each([
    [9, 1, 'unknown_definition'],
    [7, 5, 'unknown_version'],
    [7, 2, 'unknown_version'], // its deletion
  ])('of definition %i to version %i is refused: %s', async (id, version, code) => {
    await save('ada', body('a'));
    await save('ada', null);
    await expect(rollBack(fresh.store, memoryBox(), id, version, note('ada'))).rejects.toMatchObject({ code });
  });

  it('to contents that would be refused today is refused', async () => {
    await save('ada', { ...body('a'), action: 'explode' });
    await save('ada', body('b'));
    await expect(rollBack(fresh.store, memoryBox(), 7, 1, note('ada'))).rejects.toMatchObject({
      errors: [{ code: 'unknown_action' }],
    });
  });
});

it('writes for one change among thousands one version, one set and the pointer', async () => {
  const ids = Array.from({ length: 6000 }, (_, i) => i + 1);
  const entries = (from: number, to: number) => Object.fromEntries(ids.slice(from, to).map((id) => [id, 1]));
  const items = [
    { pk: 'pointer', sk: 'current', set: 1 },
    { pk: 'set#1', sk: '0000000000', entries: entries(0, 5000) },
    { pk: 'set#1', sk: '0000000001', entries: entries(5000, 6000) },
    { pk: 'definition#7', sk: '0000000001', body: JSON.stringify(body('a')) },
  ];
  for (const Item of items) await fresh.documents.send(new PutCommand({ TableName: fresh.table, Item }));
  const from = await readCurrentSet(fresh.store);
  const send = vi.spyOn(fresh.documents, 'send');
  await commit(fresh.store, from, [{ id: 7, body: body('b') }], note('ada'));
  const keys = send.mock.calls.map(([command]) => (command.input as { Item?: { pk: string; sk: string } }).Item);
  send.mockRestore();
  expect(keys.map((item) => `${item?.pk} ${item?.sk}`)).toEqual([
    'definition#7 0000000002',
    'set#2 0000000000',
    'set#2 0000000001',
    'pointer current',
  ]);
  expect((await readCurrentSet(fresh.store)).live).toEqual(new Map(ids.map((id) => [id, id === 7 ? 2 : 1])));
});
