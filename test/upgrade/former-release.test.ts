/**
 * test/upgrade proves that data of a former release, or of a restored backup, is read and goes on working.
 *
 * What the release before event keys (0.1.0) left behind, taken from its tables and buses as it wrote it: functions of
 * both run side by side while a stack is updated, and its items stay for good.
 */
import { readFileSync } from 'node:fs';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectTo, type Tables, tablesOf } from '../../cli/stack/environment.ts';
import { stackBox } from '../../cli/stack/secrets.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { documentClient, eventBridgeClient } from '../../lib/aws/clients.ts';
import { setProcessClock } from '../../lib/base/clock.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import { outcomeStore } from '../../lib/event/outcome-store.ts';
import { decodeLedger } from '../../lib/token/ledger.ts';
import { tokenStore } from '../../lib/token/store.ts';

type Item = Record<string, unknown>;
type Entry = { readonly 'detail-type': string; readonly source: string; readonly detail: unknown };
type Kept = Readonly<Record<string, readonly Item[]>>;

const former = JSON.parse(readFileSync(new URL('former-release.json', import.meta.url), 'utf8'), (_key, value) =>
  typeof value?.$bytes === 'string' ? new Uint8Array(Buffer.from(value.$bytes, 'base64')) : value,
) as Record<'before' | 'after', Kept> &
  Record<'steps' | 'pages' | 'authEvents', readonly Entry[]> & { readonly outcomes: readonly Item[] };

const NOW = Date.parse('2026-03-15T10:20:31Z');
/** When the event of its slips occurred. */
const OCCURRED = new Date('2026-03-15T10:20:30Z');
let stack: Stack;
let tables: Tables;
let announced: Item[];

beforeEach(async () => {
  announced = [];
  setProcessClock({ now: () => NOW });
  stack = await startStack({
    concurrency: 1,
    retryDelay: () => 0,
    environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    onEvent: (_bus, { 'detail-type': type, detail }) => {
      if (/^token\.action\.(done|skipped|failed)$/.test(String(type))) announced.push(detail as Item);
    },
  });
  connectTo(stack.environment);
  tables = tablesOf(stack.environment);
});
afterEach(() => stack.stop());

async function fill(...kept: readonly Kept[]): Promise<void> {
  for (const [table, items] of kept.flatMap((each) => Object.entries(each))) {
    const TableName = String(tables[table as keyof Tables]);
    for (const Item of items) await documentClient().send(new PutCommand({ TableName, Item }));
  }
}

/** What the former release had put on the bus, and everything that comes of it. */
async function deliver(...entries: readonly Entry[]): Promise<void> {
  const Entries = entries.map(({ source, detail, 'detail-type': DetailType }) => {
    return { EventBusName: tables.bus, Source: source, DetailType, Detail: JSON.stringify(detail), Time: OCCURRED };
  });
  await eventBridgeClient().send(new PutEventsCommand({ Entries }));
  await stack.idle();
}

async function itemOf(serial: string): Promise<Item | undefined> {
  const { Item } = await documentClient().send(new GetCommand({ TableName: tables.tokens, Key: { serial } }));
  return Item;
}

/** The slip of three steps of one token, at each of its steps; and the slip that enrols. */
const [count, stamp, enroll, lock] = former.steps as readonly [Entry, Entry, Entry, Entry];

describe('what a former release left behind', () => {
  it('is finished: its slip does what it did there, under the same ids, and leaves the same item', async () => {
    await fill(former.before);
    await deliver(count);
    expect(announced).toEqual(former.outcomes);
    const { ledger: then, ...finished } = former.after.tokens?.find(({ serial }) => serial === 'HOTP0001') ?? {};
    const { ledger: now, ...item } = (await itemOf('HOTP0001')) ?? {};
    expect(item).toEqual(finished);
    // The entries of this release say their definition too.
    const steps = (packed: unknown) => decodeLedger(packed as Uint8Array).map(({ step, time }) => ({ step, time }));
    expect(steps(now)).toEqual(steps(then));
  });

  it('stays done: no step of its ledger is done again, and a token that it enrolled is not enrolled again', async () => {
    await fill(former.before, former.after);
    await deliver(count, stamp, lock, enroll, ...former.pages);
    for (const item of former.after.tokens ?? []) expect(await itemOf(String(item.serial))).toEqual(item);
    expect(announced.filter(({ serial, status }) => serial === 'HOTP0001' && status === 'done')).not.toEqual([]);
    const known = new Set(former.after.outcomes?.map(({ id }) => id));
    for (const { id } of announced) expect(known).toContain(id);
  });

  it('stays done where the auth event itself is delivered once more: its outcomes are told again, under their ids', async () => {
    await fill(former.before, former.after);
    await deliver(...former.authEvents);
    const after = former.after.tokens?.find(({ serial }) => serial === 'HOTP0001');
    expect(await itemOf('HOTP0001')).toEqual(after);
    expect(announced.map(({ id, status }) => [id, status])).toEqual(former.outcomes.map(({ id }) => [id, 'done']));
  });

  it('does not suppress an event of another second that uses the id again', async () => {
    await fill(former.before, former.after);
    const [event] = former.authEvents as readonly [Entry];
    await deliver({ ...event, detail: { ...(event.detail as Item), occurred_at: '2026-03-15T10:20:29Z' } });
    const ids = new Set(former.outcomes.map(({ id }) => id));
    expect(announced.filter(({ id }) => ids.has(id))).toEqual([]);
    expect(announced).toHaveLength(3);
  });

  it('is read and changed: its item, its definitions, its secrets, under a new event', async () => {
    await fill(former.before, former.after);
    const [event] = former.authEvents as readonly [Entry];
    await deliver({ ...event, detail: { ...(event.detail as Item), id: 'validate_check-2' } });
    expect(announced.map(({ status, action }) => [status, action])).toEqual([
      ['done', 'increase tokeninfo'],
      ['done', 'set validity'],
      ['done', 'disable'],
    ]);
    const token = await tokenStore(documentClient(), tables.tokens).read('HOTP0001');
    expect(token).toMatchObject({ version: 7, token: { info: { logins: '6' }, active: false, count: 7 } });
    expect(token?.ledger).toHaveLength(6);
    const seed = await stackBox(tables).open(token?.otpkey ?? new Uint8Array(), {
      purpose: 'otpkey',
      serial: 'HOTP0001',
    });
    expect(seed.length).toBeGreaterThan(0);
  });

  it('is readable: its definitions, its outcomes, its tombstone', async () => {
    await fill(former.before, former.after);
    const definitions = definitionStore(documentClient(), tables.definitions);
    expect(await definitions.read(2, 1)).toMatchObject({ body: { name: 'stamp', options: { 'valid till': '+30d' } } });
    const { outcomes } = await outcomeStore(documentClient(), tables.outcomes).page('HOTP0001', 10, NOW);
    expect(outcomes.map(({ id }) => id)).toEqual(expect.arrayContaining(former.outcomes.map(({ id }) => id)));
    const gone = await tokenStore(documentClient(), tables.tokens).read('GONE0001');
    expect(gone).toMatchObject({ version: 2, deletedAt: Date.parse('2026-03-15T10:20:30Z') });
  });
});
