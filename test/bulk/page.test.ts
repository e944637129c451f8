import { describe, expect, it } from 'vitest';
import { enable } from '../../lib/action/actions/enable.ts';
import { advance, isFinished, newLane, nextShard } from '../../lib/bulk/lane.ts';
import { runPage } from '../../lib/bulk/page.ts';
import { type BulkRun, NO_COUNTS } from '../../lib/event/bulk.ts';
import type { StepRuntime } from '../../lib/step/run-slip.ts';
import { newRecord } from '../../lib/token/record.ts';

it('the lanes of a run walk every shard, each once, however many lanes there are', () => {
  for (const lanes of [1, 3, 8, 16]) {
    const walked: number[] = [];
    for (let lane = 0; lane < lanes; lane += 1) {
      for (let shard: number | null = lane; shard !== null; shard = nextShard(shard, lanes)) walked.push(shard);
    }
    expect(walked.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  }
});

it('a lane is finished only when its last page is', () => {
  const out = advance(newLane(15), NO_COUNTS, { shard: null, after: '', serials: ['A'] });
  expect(isFinished(out)).toBe(false);
  expect(isFinished(advance(out, { ...NO_COUNTS, found: 1, done: 1 }, { shard: null, after: '', serials: [] }))).toBe(
    true,
  );
  expect(advance(out, NO_COUNTS, null)).toMatchObject({ stopped: true, turn: 2, serials: [] });
});

describe('a page', () => {
  const serials = Array.from({ length: 40 }, (_, i) => `T${i}`);
  const steps = [{ definition: 1, version: 1, action: 'enable', open: [] }];
  const event = { id: 'e1', name: 'cleanup', source: 'test', position: 'post', time: 1000 } as const;
  const slip = { action: 'enable', event, serial: null, state: 'disabled', facts: {}, steps, at: 0 } as const;
  const run = { id: 'run', definition: { id: 1, name: '' }, target: 'disabled', slip } as unknown as BulkRun;

  /** Tokens of which the first so many cannot be read, as when their partition is throttled. */
  const throttled = (count: number): StepRuntime =>
    ({
      definitions: {
        byVersion: async () => ({
          ok: true,
          compiled: { version: 1, definition: { id: 1, name: '', options: {}, ordering: 0 }, clauses: [] },
        }),
      },
      tokens: {
        read: async (serial: string) => {
          if (serials.indexOf(serial) < count) throw new Error('throttled');
          return newRecord({ serial, tokentype: 'hotp', active: false });
        },
        replace: async () => true,
      },
      tools: {},
      now: () => 2000,
      limits: { maxAge: 1000, keepNewest: 20, dropAtOnce: 100, hardCap: 500 },
    }) as unknown as StepRuntime;

  it('defers single steps that throw, each as a step of its own', async () => {
    const { counts, deferred } = await runPage({ run, serials }, enable, throttled(10), new AbortController().signal);
    expect(counts).toEqual({ found: 40, done: 30, skipped: 0, failed: 0, deferred: 10 });
    expect(deferred.map(({ serial }) => serial)).toEqual(serials.slice(0, 10));
    expect(deferred[0]).toMatchObject({ state: 'disabled', steps });
  });

  it('is retried as a whole if many steps throw', async () => {
    const page = runPage({ run, serials }, enable, throttled(11), new AbortController().signal);
    await expect(page).rejects.toThrow('throttled');
  });
});
