import { afterEach, describe, expect, it, vi } from 'vitest';
import { OutcomeLog, playEvent } from '../../cli/scenario/play.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { tablesOf } from '../../cli/stack/environment.ts';
import { startStack } from '../../infra/local/stack.ts';
import { setProcessClock } from '../../lib/base/clock.ts';
import type { Outcome } from '../../lib/event/outcome.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');

afterEach(() => vi.restoreAllMocks());

/** Everything that the functions write to the console while events are played. */
async function record(file: unknown): Promise<{ lines: string[]; outcomes: Outcome[] }> {
  const lines: string[] = [];
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => void lines.push(parts.map(String).join(' ')));
  }
  setProcessClock({ now: () => NOW });
  const outcomes: Outcome[] = [];
  const stack = await startStack({
    concurrency: 1,
    retryDelay: () => 0,
    // Without this, Powertools writes to a console of its own instead of that of the process.
    environment: { POWERTOOLS_DEV: 'true', POWERTOOLS_LOG_LEVEL: 'INFO', POWERTOOLS_METRICS_DISABLED: 'false' },
    onEvent: (_bus, { 'detail-type': type, detail }) => {
      if (String(type).startsWith('token.action.')) outcomes.push(detail as unknown as Outcome);
    },
  });
  Object.assign(process.env, stack.environment);
  const tables = tablesOf(stack.environment);
  const scenario = await readScenario(file, NOW);
  await seed(scenario, tables);
  for (const event of scenario.events) {
    await playEvent(event, { stack, bus: tables.bus, log: new OutcomeLog() });
    await stack.idle();
  }
  await stack.stop();
  return { lines, outcomes };
}

describe('the logs', () => {
  it('tell event, definition, action, serial and outcome of every step, and no secret', async () => {
    const { lines, outcomes } = await record({
      tokens: [{ serial: 'T1', tokentype: 'hotp', pin: 'the-old-pin' }],
      definitions: [{ id: 7, name: 'd', event: 'token_assign', action: 'set random pin', options: { length: '20' } }],
      events: [
        {
          id: 'ev-1',
          'detail-type': 'token_assign',
          time: '2026-03-15T10:20:30Z',
          detail: { serial: 'T1', request: { pass: 'senders-secret-1', pin: 'senders-secret-2' } },
        },
      ],
    });
    const steps = lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'step done');
    expect(steps).toMatchObject([
      {
        event_id: 'ev-1',
        event_name: 'token_assign',
        definition: 7,
        action: 'set random pin',
        serial: 'T1',
        status: 'done',
      },
    ]);
    // The line is also the metric: nothing else is written about a step.
    const metric = {
      Namespace: 'Tokenwright',
      Dimensions: [['service']],
      Metrics: [{ Name: 'StepDone', Unit: 'Count' }],
    };
    expect(steps).toMatchObject([{ StepDone: 1, service: 'tokenwright-local', _aws: { CloudWatchMetrics: [metric] } }]);
    expect(lines.filter((line) => line.includes('StepDone'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('"WARN"'))).toEqual([]);
    const pin = String(outcomes[0]?.response?.detail.pin);
    expect(pin).toHaveLength(20);
    for (const secret of [pin, 'the-old-pin', 'senders-secret']) expect(lines.join('\n')).not.toContain(secret);
  });

  it('count what happened as metrics in embedded metric format', async () => {
    const { lines } = await record({
      tokens: [{ serial: 'T1', tokentype: 'hotp' }],
      definitions: [{ id: 7, name: 'd', event: 'auth', action: 'disable' }],
      events: [{ id: 'ev-2', 'detail-type': 'auth', time: '2026-03-15T10:20:30Z', detail: { serial: 'T1' } }],
    });
    const metrics = lines.map((line) => JSON.parse(line)).filter((line) => '_aws' in line);
    expect(metrics).toEqual(expect.arrayContaining([expect.objectContaining({ AuthEvents: 1 })]));
    expect(metrics).toEqual(expect.arrayContaining([expect.objectContaining({ StepDone: 1 })]));
  });
});
