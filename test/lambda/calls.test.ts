import { afterEach, expect, it } from 'vitest';
import { OutcomeLog, playEvent } from '../../cli/scenario/play.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { setProcessClock } from '../../lib/base/clock.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
let stack: Stack | undefined;
afterEach(() => stack?.stop());

const NOT_STEPS = ['dispatch', 'record-outcomes'];

/** The calls, and the invocations of actions, of the second of two equal events on one token: everything is loaded then. */
async function callsOf(definitions: readonly object[]) {
  setProcessClock({ now: () => NOW });
  const invoked: string[] = [];
  stack = await startStack({
    concurrency: 1,
    retryDelay: () => 0,
    environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    onInvocation: ({ functionName }) => invoked.push(functionName.replace(/^.*-local-/, '')),
  });
  connectTo(stack.environment);
  const tables = tablesOf(stack.environment);
  const events = ['first', 'second'].map((id, i) => {
    const time = new Date(NOW + i).toISOString();
    return { 'detail-type': 'auth', source: 'test', time, detail: { id, occurred_at: time, serial: 'T1' } };
  });
  const owner = { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' };
  const people = { realms: { realm1: ['resolver1'], other: [] }, users: [owner] };
  const tokens = [{ serial: 'T1', tokentype: 'hotp', user: owner }];
  const scenario = await readScenario({ ...people, tokens, definitions, events }, NOW);
  await seed(scenario, tables);
  let before: Record<string, number> = {};
  for (const event of scenario.events) {
    before = { ...stack.counts };
    invoked.length = 0;
    await playEvent(event, { stack, bus: tables.bus, log: new OutcomeLog() });
    await stack.idle();
  }
  const calls = Object.entries(stack.counts)
    .map(([call, number]) => [call.replace(/^.*:/, ''), number - (before[call] ?? 0)] as const)
    .filter(([, number]) => number > 0);
  return { calls: Object.fromEntries(calls), steps: invoked.filter((name) => !NOT_STEPS.includes(name)).length };
}

const acts = (id: number) => ({ id, event: 'auth', action: 'increase tokeninfo', options: { key: `a${id}` } });
const rejects = (id: number) => ({ id, event: 'auth', action: 'disable', conditions: { realm: 'other' } });

/** By the sender, dispatch, the actions and the record of outcomes. */
it.each([
  ['acts', [acts(1)], { GetItem: 1, UpdateItem: 1, PutItem: 1, PutEvents: 3 }, 1],
  ['acts, acts', [acts(1), acts(2)], { GetItem: 2, UpdateItem: 2, PutItem: 2, PutEvents: 4 }, 2],
  ['acts, rejects', [acts(1), rejects(2)], { GetItem: 1, UpdateItem: 1, PutItem: 2, PutEvents: 3 }, 1],
  // The outcomes of rejected steps are on the bus before the next step is.
  ['acts, rejects, acts', [acts(1), rejects(2), acts(3)], { GetItem: 2, UpdateItem: 2, PutItem: 3, PutEvents: 5 }, 2],
  // The outcomes need two calls, because a call takes ten events.
  ['20 reject', Array.from({ length: 20 }, (_, i) => rejects(i + 1)), { GetItem: 1, PutItem: 20, PutEvents: 4 }, 1],
])(
  'counts the calls of an event that names a serial alone, on whose owner definitions decide: %s',
  async (_name, definitions, calls, steps) => {
    expect(await callsOf(definitions)).toEqual({ calls, steps });
  },
);
