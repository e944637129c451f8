/** Generates the rounds of a world: one new event, several at once, or a repeated earlier one. */
import fc from 'fast-check';
import { type Happening, toEvent } from './ingredients.ts';
import { DAY, type WorldEvent } from './world.ts';

type About = Happening['about'];

const BY_SERIAL = fc.constantFrom<About[]>(
  { serials: ['T1'], user: false },
  { serials: ['T1', 'T2'], user: false },
  { serials: ['T1', 'T9'], user: false },
);
const BY_USER = fc.constantFrom<About[]>({ serials: [], user: true }, { serials: ['T1'], user: true });

function happenings(about: fc.Arbitrary<About>): fc.Arbitrary<Happening> {
  return fc.record({
    name: fc.constantFrom('token_init', 'validate_check'),
    about,
    // Few different times, so that some events have the same one; sometimes a sender's clock is wrong.
    ago: fc.oneof(
      { weight: 12, arbitrary: fc.integer({ min: 0, max: 4 }).map((seconds) => seconds * 1000) },
      { weight: 1, arbitrary: fc.constant(-600_000) },
    ),
    value: fc.boolean(),
  });
}

/** @param sizes the number of new events of each round; 0: an earlier event is repeated */
function rounds(about: fc.Arbitrary<About>, ...sizes: [number[], ...number[][]]): fc.Arbitrary<WorldEvent[][]> {
  const all = fc.array(happenings(about), { minLength: 6, maxLength: 6 });
  return fc
    .record({ sizes: fc.constantFrom(...sizes), all, again: fc.nat() })
    .map(({ sizes: chosen, all: six, again }) => {
      const events = six.map(toEvent);
      const played: WorldEvent[] = [];
      return chosen.map((size) => {
        const fresh = events.slice(played.length, played.length + size);
        if (size === 0) return [played[again % played.length]].filter((event) => event !== undefined);
        played.push(...fresh);
        return fresh;
      });
    });
}

export const MIXED = rounds(BY_SERIAL, [1, 1, 1, 0], [1, 2, 1], [3, 0, 1]);
export const MIXED_ON_USERS = rounds(BY_USER, [1, 1, 1, 0], [1, 2, 1], [3, 0, 1]);
export const CROWDED = rounds(BY_SERIAL, [5], [3, 3]);
export const ONE_BY_ONE = rounds(BY_SERIAL, [1, 1]);
export const ONE_BY_ONE_ON_USERS = rounds(BY_USER, [1, 1]);
export const REPEATED = rounds(BY_SERIAL, [1, 1, 1, 0], [1, 0, 1]);
export const WALKED = rounds(BY_SERIAL, [1, 1, 1, 0], [2, 1, 0], [1, 3, 0]);

/** Makes old events, then more steps than a ledger must keep, then the old events again. */
export const CROWDED_OUT: fc.Arbitrary<WorldEvent[][]> = fc
  .record({
    old: fc.array(fc.integer({ min: 5, max: 9 }), { minLength: 2, maxLength: 2 }),
    young: fc.integer({ min: 7, max: 9 }),
  })
  .map(({ old, young }) => {
    const base = { name: 'token_init', about: { serials: ['T1'], user: false }, value: true };
    const first = old.map((days, i) => toEvent({ ...base, ago: days * DAY }, i));
    const crowd = Array.from({ length: young }, (_, i) => toEvent({ ...base, ago: i * 3_600_000 }, i + first.length));
    return [first, crowd, first];
  });
