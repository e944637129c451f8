import { expect, it } from 'vitest';
import { runScenario } from '../../cli/commands/run.ts';
import { readScenario } from '../../cli/scenario.ts';
import { advance, isFinished, newLane, nextShard } from '../../lib/bulk/lane.ts';
import { NO_COUNTS } from '../../lib/event/bulk.ts';

it('the lanes of a run walk every shard, each once, however many lanes there are', () => {
  for (const lanes of [1, 3, 8, 16]) {
    const walked: number[] = [];
    for (let lane = 0; lane < lanes; lane += 1) {
      for (let shard: number | null = lane; shard !== null; shard = nextShard(shard, lanes)) walked.push(shard);
    }
    expect(walked.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  }
});

it('a lane is finished only when its last page has come back', () => {
  const out = advance(newLane(15), NO_COUNTS, { shard: null, after: '', serials: ['A'] });
  expect(isFinished(out)).toBe(false);
  expect(isFinished(advance(out, { ...NO_COUNTS, found: 1, done: 1 }, { shard: null, after: '', serials: [] }))).toBe(
    true,
  );
  expect(advance(out, NO_COUNTS, null)).toMatchObject({ stopped: true, turn: 2, serials: [] });
});

it('a token that another definition of the event takes out of the state is not touched, or was touched before', async () => {
  const definition = { event: 'cleanup', target: 'disabled', confirm: true };
  const file = {
    tokens: [{ serial: 'A', tokentype: 'hotp', active: false }],
    definitions: [
      { ...definition, id: 1, action: 'enable' },
      { ...definition, id: 2, action: 'set description', options: { description: 'off' } },
    ],
    events: [{ 'detail-type': 'cleanup', source: 'test', detail: {} }],
  };
  const { outcomes } = await runScenario(await readScenario(file, Date.parse('2026-03-15T10:20:30Z')));
  const second = outcomes.find(({ definition: of, serial }) => of?.id === 2 && serial === 'A');
  // In no order with the first: both are right, and nothing else is.
  const found = second === undefined ? 'not listed' : (second.reason?.code ?? second.status);
  expect(['done', 'not_targeted', 'not listed']).toContain(found);
});
