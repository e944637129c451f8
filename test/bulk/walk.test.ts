/** Walks that are disturbed: they stall, their definition or tokens change, their event is delivered again. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { drainDeadLetters } from '../../cli/scenario/drain.ts';
import { readDeadLetters, redrive } from '../../cli/stack/dead-letters.ts';
import { tablesOf } from '../../cli/stack/environment.ts';
import { parseFaults } from '../../infra/local/faults/specification.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { commit, readCurrent } from '../../lib/definition/commit.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import { BulkPage } from '../../lib/event/bulk.ts';
import { parse } from '../../lib/schema/validate.ts';
import { shardOf } from '../../lib/token/state.ts';
import { COUNTING, STEPS, walkStack } from './walk-stack.ts';

const HOUR = 3_600_000;
const NOTE = { at: '2026-03-15T10:20:30Z', by: 'test', how: 'set', message: '' };

/** Steps throw while `broken`, and their pages become dead letters. */
async function stalling(tokens: number) {
  let broken = false;
  const walk = await walkStack({
    tokens,
    stack: {
      handOver: (name) => {
        if (broken && name.endsWith(STEPS)) throw new Error('cannot be reached');
      },
    },
  });
  const stall = async (...ids: readonly string[]) => {
    const paused = walk.pausedAfter(3);
    await walk.put(...ids);
    const release = await paused;
    broken = true;
    release();
    await walk.stack.idle();
    broken = false;
  };
  const redriveAll = async () => {
    const [sqs, events] = [new SQSClient({}), new EventBridgeClient({})];
    for await (const letter of readDeadLetters(sqs, walk.tables.deadLetters))
      await redrive(letter, walk.tables, sqs, events);
  };
  return { ...walk, stall, redriveAll };
}

const refused = (log: { readonly all: readonly { event: { id: string }; reason: { code: string } | null }[] }) =>
  log.all.flatMap(({ event, reason }) => (reason ? [`${event.id} ${reason.code}`] : []));

describe('a run that stalls', () => {
  it('blocks another run for an hour; then its event, delivered again, continues it where it was', async () => {
    const { stack, log, put, seen, later, stall } = await stalling(24);
    await stall('e1');
    expect((await seen()).never).toBeGreaterThan(0);
    later(HOUR - 60_000);
    await put('e2');
    await put('e1'); // not yet: it may be under way
    await stack.idle();
    expect(refused(log)).toEqual(['e2 bulk_running']);
    expect(log.bulk).toEqual([]);
    later(120_000);
    await put('e1');
    await stack.idle();
    expect(await seen()).toEqual({ 1: 24 });
    expect(log.bulk).toMatchObject([{ event: { id: 'e1' }, stopped: false, tokens: { found: 24, done: 24 } }]);
  });

  it('is overtaken by another when its lease is over, and continues after it when its dead letters are put back', async () => {
    const { stack, log, put, seen, later, stall, redriveAll } = await stalling(24);
    await stall('e1');
    later(HOUR + 1000);
    await put('e2');
    await stack.idle();
    expect(log.bulk).toMatchObject([{ event: { id: 'e2' }, tokens: { found: 24, done: 24 } }]);
    await redriveAll();
    await stack.idle();
    expect(await seen()).toEqual({ 2: 24 });
    expect(log.bulk.map(({ event, tokens }) => [event.id, tokens.found, tokens.done])).toEqual([
      ['e2', 24, 24],
      ['e1', 24, 24],
    ]);
  });

  it('waits as a dead letter while the run that has the lease walks', async () => {
    const { stack, log, put, seen, later, stall, redriveAll, pausedAfter } = await stalling(24);
    await stall('e1');
    later(HOUR + 1000);
    const paused = pausedAfter(2);
    await put('e2');
    const release = await paused;
    await redriveAll(); // pages of the first, which end, and turns, which may not go on
    await put('e1');
    release();
    await stack.idle();
    expect(log.bulk.map(({ event }) => event.id)).toEqual(['e2']);
    await redriveAll();
    await stack.idle();
    expect(log.bulk.map(({ event }) => event.id)).toEqual(['e2', 'e1']);
    expect(await seen()).toEqual({ 2: 24 });
    expect(refused(log)).toEqual([]);
  });
});

describe('a run whose definition is', () => {
  it.each([
    ['deleted', null],
    ['disabled', { ...COUNTING, active: false }],
    ['changed', { ...COUNTING, options: { key: 'other' } }],
  ])('%s ends at the next turn, and says that it was stopped', async (_, body) => {
    const { stack, log, put, seen, tables, pausedAfter } = await walkStack({ tokens: 40 });
    const paused = pausedAfter(3);
    await put('e1');
    const release = await paused;
    const definitions = definitionStore(documentClient(), tables.definitions);
    await commit(definitions, (await readCurrent(definitions)).set, [{ id: 1, body }], NOTE);
    release();
    await stack.idle();
    const { 1: done = 0, never = 0, ...others } = await seen();
    expect(others).toEqual({});
    expect(never).toBeGreaterThan(0);
    expect(log.bulk).toMatchObject([
      { stopped: true, tokens: { found: done, done, skipped: 0, failed: 0, deferred: 0 } },
    ]);
  });
});

describe('tokens that change while the walk goes on', () => {
  it.each([
    ['disabled', 'enabled', { active: true }],
    ['unassigned', 'assigned', { user: { login: 'hans', realm: 'r', resolver: 'ldap', uid: '1' } }],
  ])('and are no longer %s, since they were %s or deleted, are left alone', async (target, _, change) => {
    const { stack, log, put, seen, store, serials, listed, pausedAfter } = await walkStack({
      tokens: 30,
      definition: { target },
    });
    const paused = pausedAfter(4);
    await put('e1');
    const release = await paused;
    // Tokens of a page that is under way, and tokens that the walk has not reached yet.
    const ahead: string[] = [];
    for (const serial of new Set([...listed, ...serials])) {
      const record = await store.read(serial);
      if (record && record.token.info.seen === undefined && ahead.length < 8) {
        const token = { ...record.token, ...change };
        const changed = ahead.length % 2 === 0 ? { ...record, token } : { ...record, deletedAt: 0, expiresAt: 4e12 };
        await store.replace(record, { ...changed, version: record.version + 1 });
        ahead.push(serial);
      }
    }
    const out = ahead.filter((serial) => listed.includes(serial));
    expect(out.length).toBeGreaterThan(1);
    expect(out.length).toBeLessThan(8);
    release();
    await stack.idle();
    expect(await seen()).toEqual({ 1: 22, never: 8 });
    const outcomes = log.all.filter(({ serial }) => ahead.includes(String(serial)));
    expect(outcomes.map(({ serial, reason }) => `${serial} ${reason?.code}`).sort()).toEqual(
      out.map((serial) => `${serial} not_targeted`).sort(),
    );
    const tokens = { found: 22 + out.length, done: 22, skipped: out.length, failed: 0, deferred: 0 };
    expect(log.bulk).toMatchObject([{ tokens }]);
  });

  it.each([3, 4])('by events of their own: each step is done once and counted once (seed %i)', async (seed) => {
    const toggles = ['enable', 'delete'].map((action, i) => ({ id: i + 2, event: action, action }));
    const { stack, log, put, seen, serials, putEvents } = await walkStack({
      tokens: 30,
      more: toggles,
      stack: { delivery: { copies: 2, seed } },
    });
    const release = stack.hold();
    await put('e1');
    await putEvents('enable', serials.slice(0, 5));
    await putEvents('delete', serials.slice(5, 10));
    release();
    await stack.idle();
    const ofRun = log.all.filter(({ definition }) => definition?.id === 1);
    const done = ofRun.filter(({ status }) => status === 'done').map(({ serial }) => serial);
    const skipped = ofRun.filter(({ status }) => status === 'skipped');
    expect(done).toEqual(expect.arrayContaining(serials.slice(10)));
    expect(skipped.map(({ reason }) => reason?.code)).toEqual(skipped.map(() => 'not_targeted'));
    // A deleted token holds no counter.
    const deleted = serials.slice(5, 10);
    const living = done.filter((serial) => !deleted.includes(String(serial))).length;
    expect(await seen()).toEqual({ 1: living, never: 30 - living });
    const tokens = { found: ofRun.length, done: done.length, skipped: skipped.length, failed: 0, deferred: 0 };
    expect(log.bulk.map((summary) => summary.tokens)).toEqual([tokens]);
  });
});

it('serials for which a page has no time are in the next page: each token once, all of them counted', async () => {
  const serials = Array.from({ length: 400 }, (_, i) => `T${i}`).filter((serial) => shardOf(serial) === 5);
  expect(serials.length).toBeGreaterThan(20);
  const pages: number[] = [];
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => AbortSignal.abort());
  onTestFinished(() => timeout.mockRestore());
  const { stack, log, put, seen } = await walkStack({
    tokens: serials,
    pageSize: 500,
    stack: {
      onInvocation: ({ functionName, event }) => {
        if (functionName.endsWith(STEPS)) pages.push(parse(BulkPage, Object(event).detail, 'bad_step').serials.length);
      },
    },
  });
  await put('e1');
  await stack.idle();
  const count = serials.length;
  // Each of the eight steps under way is finished.
  expect(pages.slice(0, 3)).toEqual([count, count - 8, count - 16]);
  expect(await seen()).toEqual({ 1: count });
  expect(log.bulk.map(({ tokens }) => tokens)).toEqual([
    { found: count, done: count, skipped: 0, failed: 0, deferred: 0 },
  ]);
});

it('an unreadable item is deferred: it becomes a dead letter of its own, and its page goes on', async () => {
  const letters: unknown[] = [];
  const { stack, log, put, tables, serials } = await walkStack({
    tokens: 30,
    stack: { onDeadLetter: ({ event }) => letters.push(Object(event).detail.serial) },
  });
  const bad = serials.slice(0, 2);
  for (const serial of bad) {
    await documentClient().send(
      new UpdateCommand({
        TableName: tables.tokens,
        Key: { serial },
        UpdateExpression: 'SET failcount = :text',
        ExpressionAttributeValues: { ':text': 'many' },
      }),
    );
  }
  await put('e1');
  await stack.idle();
  expect(log.bulk.map(({ tokens }) => tokens)).toEqual([{ found: 30, done: 28, skipped: 0, failed: 0, deferred: 2 }]);
  expect(letters.sort()).toEqual(bad);
  expect(log.all.map(({ status }) => status)).toEqual(Array(28).fill('done'));
});

it('single entries that EventBridge refuses are put again: nothing is lost, nothing is done twice', async () => {
  const failures: unknown[] = [];
  const { stack, log, put, seen } = await walkStack({
    tokens: 12,
    stack: {
      faults: parseFaults('seed=5,events.refuse=0.5'),
      onInvocation: ({ error }) => {
        if (error !== undefined) failures.push(error);
      },
    },
  });
  await put('e1');
  await drainDeadLetters(stack, tablesOf(stack.environment));
  expect(failures.length).toBeGreaterThan(0);
  expect(await seen()).toEqual({ 1: 12 });
  expect(log.all.map(({ status }) => status)).toEqual(Array(12).fill('done'));
  expect(log.bulk.map(({ tokens }) => tokens.found)).toEqual([12]);
});
