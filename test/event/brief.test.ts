import { expect, it } from 'vitest';
import { announcedChanges, brief } from '../../lib/event/outcome.ts';

it('what is told of a step is the beginning of long texts and the first of many entries, at any depth', () => {
  expect(
    brief({ short: 'a', long: 'b'.repeat(1001), list: Array.from({ length: 101 }, (_, i) => i), no: null }),
  ).toEqual({
    short: 'a',
    long: `${'b'.repeat(1000)}...`,
    list: Array.from({ length: 100 }, (_, i) => i),
    no: null,
  });
});

it('changes are told whole or not at all', () => {
  const changes = { 'info.k': [null, 'c'.repeat(190_000)] } as const;
  expect(announcedChanges(changes)).toBe(changes);
  expect(announcedChanges({ 'info.k': ['b'.repeat(100_000), 'c'.repeat(100_000)] })).toBeNull();
});
