/** A run that is killed again and again, or whose tokens change under it: each token exactly once, none left out. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runScenario } from '../../cli/commands/run.ts';
import { connectTo } from '../../cli/connect.ts';
import { OutcomeLog } from '../../cli/play.ts';
import { readScenario } from '../../cli/scenario.ts';
import { seed } from '../../cli/seed.ts';
import { tablesOf } from '../../cli/tables.ts';
import { parseFaults } from '../../infra/local/faults/specification.ts';
import { type StackOptions, startStack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { NO_COUNTS } from '../../lib/event/bulk.ts';
import { publisher } from '../../lib/event/publish.ts';
import { tokenStore } from '../../lib/token/store.ts';

const COUNT = 120;
const serials = Array.from({ length: COUNT }, (_, i) => `T${String(i).padStart(4, '0')}`);
const DEFINITION = {
  id: 1,
  event: 'cleanup',
  action: 'increase tokeninfo',
  options: { key: 'seen', increment: '1' },
  target: 'disabled',
  confirm: true,
};

async function stackOf(options: Partial<StackOptions> = {}) {
  const log = new OutcomeLog();
  let results = '';
  const stack = await startStack({
    concurrency: 1,
    retryDelay: () => 0,
    environment: {
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      BULK_PAGE_SIZE: '5',
      BULK_LANES: '3',
    },
    onEvent: (bus, envelope) => {
      if (bus === results) log.addEvent(envelope);
    },
    ...options,
  });
  onTestFinished(() => stack.stop());
  connectTo(stack.environment);
  const tables = tablesOf(stack.environment);
  results = tables.results;
  const tokens = serials.map((serial) => ({ serial, tokentype: 'hotp', active: false }));
  await seed(await readScenario({ tokens, definitions: [DEFINITION] }, Date.now()), tables);
  const put = async (...ids: readonly string[]): Promise<void> => {
    const entries = ids.map((id) => ({
      EventBusName: tables.bus,
      Source: 'test',
      DetailType: 'cleanup',
      Detail: JSON.stringify({ id }),
    }));
    await publisher(new EventBridgeClient({}))(entries);
  };
  const store = tokenStore(documentClient(), tables.tokens);
  const seen = async (): Promise<Record<string, number>> => {
    const records = await Promise.all(serials.map((serial) => store.read(serial)));
    const times: Record<string, number> = {};
    for (const record of records) {
      const seen = record?.token.info.seen ?? 'never';
      times[seen] = (times[seen] ?? 0) + 1;
    }
    return times;
  };
  return { stack, log, put, seen };
}

describe('a bulk run', () => {
  it.each([1, 2])(
    'killed and repeated wherever it may be, does each token exactly once (seed %i)',
    async (seed) => {
      const tokens = serials.map((serial) => ({ serial, tokentype: 'hotp', active: false }));
      const events = [{ 'detail-type': 'cleanup', source: 'test', time: '2026-03-15T10:20:30Z', detail: {} }];
      const scenario = await readScenario({ tokens, definitions: [DEFINITION], events }, 0);
      const faults = parseFaults(`seed=${seed},kill=0.03,lost=0.02,events.refuse=0.05,duplicate=0.1`);
      const result = await runScenario(scenario, undefined, faults);
      expect(result.tokens.map(({ info }) => info.seen)).toEqual(Array(COUNT).fill('1'));
      expect(result.outcomes.map(({ status }) => status)).toEqual(Array(COUNT).fill('done'));
      const [tokensOfRun = NO_COUNTS, ...others] = result.bulk?.map((one) => one.tokens) ?? [];
      const { found, done, skipped, failed, deferred } = tokensOfRun;
      expect([found, done + deferred, skipped, failed, others]).toEqual([COUNT, COUNT, 0, 0, []]);
    },
    120_000,
  );

  it('delivered three times over, does each token once and is summed up once', async () => {
    const { stack, log, put, seen } = await stackOf({ delivery: { copies: 3, seed: 11 } });
    await put('e1');
    await stack.idle();
    expect(await seen()).toEqual({ 1: COUNT });
    expect(log.bulk).toHaveLength(1);
    expect(log.all.map(({ status }) => status)).toEqual(Array(COUNT).fill('done'));
  }, 120_000);

  it('is the only one of its definition: a second one meanwhile is skipped, one afterwards runs', async () => {
    const { stack, log, put, seen } = await stackOf();
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
  }, 120_000);
});
