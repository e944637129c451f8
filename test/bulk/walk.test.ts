/** What may come in the way of a walk: it stalls, its definition changes, its tokens do, its event comes again. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { readLetters, redrive } from '../../cli/dead-letters.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { commit, readCurrent } from '../../lib/definition/commit.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import { COUNTING, STEPS, walkStack } from './walk-stack.ts';

const HOUR = 3_600_000;
const NOTE = { at: '2026-03-15T10:20:30Z', by: 'test', how: 'set', message: '' };

/** Steps cannot be done while `broken`: their pages end among the dead letters. */
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
    for await (const letter of readLetters(sqs, undefined)) await redrive(letter, walk.tables, sqs, events);
  };
  return { ...walk, stall, redriveAll };
}

const refused = (log: { readonly all: readonly { event: { id: string }; reason: { code: string } | null }[] }) =>
  log.all.flatMap(({ event, reason }) => (reason ? [`${event.id} ${reason.code}`] : []));

describe('a run that stalls', () => {
  it('stands in the way of another for an hour; then its event, delivered again, takes it up where it was', async () => {
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

  it('is overtaken by another when its lease is over, and goes on behind it when its dead letters are put back', async () => {
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

  it('waits among the dead letters while the one that has overtaken it walks', async () => {
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
