import { expect, it } from 'vitest';
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
