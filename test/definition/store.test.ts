import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { freshStore } from './fresh-store.ts';

const fresh = freshStore();

const NOTE = { at: '2026-03-15T10:20:30Z', by: 'ada', how: 'set', message: '' };
const setOf = (...live: [number, number][]) => ({ live: new Map(live), deleted: new Map() });
const current = async () => new Map(await fresh.store.readSet(await fresh.store.currentSetNumber()));

describe('the applied set', () => {
  it('is the one of the writer who moved the pointer, not of one who tried at the same time', async () => {
    const results = await Promise.allSettled([
      fresh.store.apply(0, setOf([1, 1])),
      fresh.store.apply(0, setOf([2, 1])),
    ]);
    const won = results.findIndex(({ status }) => status === 'fulfilled');
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await current()).toEqual(new Map([[won + 1, 1]]));
  });

  it('is empty after all are deleted, even if a writer died before it moved the pointer', async () => {
    await fresh.store.apply(0, setOf([1, 1]));
    const Item = { pk: 'set#2', sk: '0000000000', entries: { 9: 1 } };
    await fresh.documents.send(new PutCommand({ TableName: fresh.table, Item }));
    await fresh.store.apply(1, setOf());
    expect(await current()).toEqual(new Map());
  });
});

describe('reading definitions', () => {
  it('is consistent: what the pointer names can be read at once', async () => {
    const send = vi.spyOn(fresh.documents, 'send');
    const version = await fresh.store.save({ id: 1, body: { name: 'a' }, after: 0, note: NOTE });
    send.mockClear();
    await fresh.store.read(1, version);
    await fresh.store.readMany(new Map([[1, version]]));
    expect(send.mock.calls.map(([command]) => command.input)).toMatchObject([
      { ConsistentRead: true },
      { RequestItems: { [fresh.table]: { ConsistentRead: true } } },
    ]);
    send.mockRestore();
  });

  it('goes on past an item that holds no JSON', async () => {
    await fresh.store.save({ id: 1, body: { name: 'a' }, after: 0, note: NOTE });
    const Item = { pk: 'definition#2', sk: '0000000001', body: '{' };
    await fresh.documents.send(new PutCommand({ TableName: fresh.table, Item }));
    const read = await fresh.store.readMany(new Map([1, 2].map((id) => [id, 1])));
    expect(read.sort((a, b) => a.id - b.id)).toEqual([
      { id: 1, version: 1, body: { name: 'a' } },
      { id: 2, version: 1, body: undefined },
    ]);
  });
});
