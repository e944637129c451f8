import { expect, it } from 'vitest';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { Refusal } from '../../lib/schema/validate.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');

async function faults(scenario: object): Promise<(string | undefined)[]> {
  const error: unknown = await readScenario(scenario, NOW).catch((thrown: unknown) => thrown);
  return error instanceof Refusal ? error.errors.map(({ details: { path } }) => path) : [];
}

it('reports the faults of every event, also with other faults in the file', async () => {
  const good = { 'detail-type': 'auth', detail: { serial: 'T1' } };
  expect(await faults({ events: [good, 5, { 'detail-type': 'Auth' }, null, { ...good, detail: [] }] })).toEqual([
    'events[1]',
    'events[2].detail-type',
    'events[3]',
    'events[4].detail',
  ]);
});

it('reports a faulty time once, at its own event, and not at events without a time', async () => {
  const events = [{ 'detail-type': 'a', time: '2026-03-15 10:20:30' }, { 'detail-type': 'b' }, { 'detail-type': 'c' }];
  expect(await faults({ events })).toEqual(['events[0].time']);
});

it('takes null for every key that is absent', async () => {
  const keys = ['timezone', 'realms', 'users', 'tokengroups', 'containers', 'challenges', 'counters', 'tokens'];
  const nothing = Object.fromEntries([...keys, 'definitions', 'events'].map((key) => [key, null]));
  expect(await readScenario(nothing, NOW)).toMatchObject({ timezone: 'UTC', events: [] });
});

it('tells what is wrong with a request by its place in the list', async () => {
  const good = { time: '2026-03-15T10:20:30Z', method: 'get', path: '/token/' };
  const faulty = [
    { time: 'yesterday' },
    { method: 'POTS' },
    { path: 'token' },
    { params: { a: [] } },
    { json: {}, body: 'a=1' },
  ];
  expect(await faults({ requests: [good, ...faulty.map((fault) => ({ ...good, ...fault }))] })).toEqual([
    'requests[1].time',
    'requests[2].method',
    'requests[3].path',
    'requests[4].params.a',
    'requests[5]',
  ]);
});

it('takes requests whose method no route has', async () => {
  const request = { time: '2026-03-15T10:20:30Z', path: '/validate/check' };
  const requests = ['head', 'PATCH', 'OPTIONS'].map((method) => ({ ...request, method }));
  expect(await faults({ requests })).toEqual([]);
});
