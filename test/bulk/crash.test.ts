/**
 * test/bulk proves that a bulk run does its definition once on each token of the state, even if it is interrupted.
 *
 * Here: runs whose functions are killed, delivered several times, or compete with another run.
 */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { type FaultPlan, parseFaults } from '../../infra/local/faults/specification.ts';
import { NO_COUNTS } from '../../lib/event/bulk.ts';
import { COUNTING, serialsOf, walkStack } from './walk-stack.ts';

const COUNT = 40;

/** Faults that kill the function at its n-th call, and no other. */
function killAt(): { plan: FaultPlan; at(call: number): void; reached(): boolean } {
  let waits = 0;
  const kill = {
    get kill() {
      waits -= 1;
      return waits === 0 ? 1 : 0;
    },
  };
  const plan = { seed: 1, calls: { dynamodb: kill, events: kill, sqs: {}, kms: {} }, bus: {} };
  return {
    plan,
    at: (call) => {
      waits = call;
    },
    reached: () => waits <= 0,
  };
}

describe('a bulk run', () => {
  it('killed at any one of its calls, before or after it took effect, does each token exactly once', async () => {
    const { plan, at, reached } = killAt();
    const { stack, log, put, seen } = await walkStack({ tokens: 3, pageSize: 2, lanes: 1, stack: { faults: plan } });
    let runs = 0;
    do {
      runs += 1;
      at(runs);
      await put(`e${runs}`);
      await stack.idle();
    } while (reached());
    expect(runs).toBeGreaterThan(50);
    expect(await seen()).toEqual({ [runs]: 3 });
    expect(log.all.map(({ status }) => status)).toEqual(Array(3 * runs).fill('done'));
    expect(log.bulk.map(({ event, tokens }) => `${event.id} ${tokens.found} ${tokens.done}`)).toEqual(
      Array.from({ length: runs }, (_, i) => `e${i + 1} 3 3`),
    );
  });

  it.each([1])('killed and repeated wherever it may be, does each token exactly once (seed %i)', async (seed) => {
    const tokens = serialsOf(COUNT).map((serial) => ({ serial, tokentype: 'hotp', active: false }));
    const events = [{ 'detail-type': 'cleanup', source: 'test', time: '2026-03-15T10:20:30Z', detail: {} }];
    const scenario = await readScenario({ tokens, definitions: [COUNTING], events }, 0);
    const faults = parseFaults(`seed=${seed},kill=0.03,lost=0.02,events.refuse=0.05,duplicate=0.1`);
    const result = await runScenario(scenario, undefined, faults);
    expect(result.tokens.map(({ info }) => info.seen)).toEqual(Array(COUNT).fill('1'));
    expect(result.outcomes.map(({ status }) => status)).toEqual(Array(COUNT).fill('done'));
    const [tokensOfRun = NO_COUNTS, ...others] = result.bulk?.map((one) => one.tokens) ?? [];
    const { found, done, skipped, failed, deferred } = tokensOfRun;
    expect([found, done + deferred, skipped, failed, others]).toEqual([COUNT, COUNT, 0, 0, []]);
  });

  it('delivered three times over, does each token once and is summed up once', async () => {
    const { stack, log, put, seen } = await walkStack({ tokens: COUNT, stack: { delivery: { copies: 3, seed: 11 } } });
    await put('e1');
    await stack.idle();
    expect(await seen()).toEqual({ 1: COUNT });
    expect(log.bulk).toHaveLength(1);
    expect(log.all.map(({ status }) => status)).toEqual(Array(COUNT).fill('done'));
  });

  it('is the only one of its definition: a second one meanwhile is skipped, one afterwards runs', async () => {
    const { stack, log, put, seen } = await walkStack({ tokens: COUNT });
    await put('e1', 'e2');
    await stack.idle();
    expect(log.all.filter(({ serial }) => serial === null)).toMatchObject([
      { status: 'skipped', event: { id: 'e2' }, reason: { code: 'bulk_running' } },
    ]);
    await put('e2');
    await put('e3');
    await stack.idle();
    expect(await seen()).toEqual({ 2: COUNT });
    expect(log.bulk.map(({ event }) => event.id)).toEqual(['e1', 'e3']);
  });
});
