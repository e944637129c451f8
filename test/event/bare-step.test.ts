import { describe, expect, it } from 'vitest';
import { BareStep } from '../../lib/event/slip.ts';
import { check } from '../../lib/schema/validate.ts';

const BARE = {
  action: 'disable',
  serials: ['A'],
  event: { id: 'e1', name: 'validate_check', time: '2026-03-15T10:20:30Z' },
};

function read(change: Record<string, unknown>) {
  const parsed = check(BareStep, { ...BARE, ...change }, 'bad_step');
  return parsed.ok ? parsed.value : parsed.errors.map(({ details }) => details.path);
}

describe('the bare form', () => {
  it.each<[string, unknown, string[]]>([
    ['a list', ['A', 'B'], ['A', 'B']],
    ['one text, as an input transformer hands it over', 'A, B', ['A', 'B']],
    ['spaces and doubles dropped', [' A ', '', 'B,A'], ['A', 'B']],
    ['none', '', []],
  ])('takes serials: %s', (_name, serials, expected) => expect(read({ serials })).toMatchObject({ serials: expected }));

  it('takes null for absent options', () => expect(read({ options: null })).toMatchObject({ options: {} }));

  it.each([
    ['an event without an id, which no stamp can keep', { event: { ...BARE.event, id: '' } }, 'event.id'],
    ['a time that is only a year', { event: { ...BARE.event, time: '2026' } }, 'event.time'],
    ['a time before 1970', { event: { ...BARE.event, time: '1960-01-01T00:00:00Z' } }, 'event.time'],
  ])('is refused: %s', (_name, change, path) => expect(read(change)).toEqual([path]));
});
