/**
 * Hostile senders beside honest ones, on the real stack, every event twice and in shuffled order: floods, clocks ahead
 * and behind, ids used twice, user names in other spellings. The promise: no sender changes what another sender's event
 * does to a token, but by an assignment that occurred later. What has to come out is worked out here, without a look at
 * `lib/`. More worlds: HOSTILE_RUNS=500 npx vitest run test/model/hostile.test.ts
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runScenario } from '../../cli/commands/run.ts';
import { readScenario } from '../../cli/scenario.ts';

const START = Date.parse('2026-03-15T10:00:00Z');
const SECOND = 1000;
const AHEAD = 5 * 60_000;
const RUNS = { numRuns: Number(process.env.HOSTILE_RUNS ?? 6), seed: Number(process.env.HOSTILE_SEED ?? 20_260_315) };

/** A definition each: the name of an event is what it writes. */
const WRITES = ['joiner', 'mover', 'leaver'];
const definitions = [
  ...WRITES.map((name, i) => ({
    id: i + 1,
    name,
    event: name,
    action: 'set tokeninfo',
    options: { key: 'state', value: name },
  })),
  { id: 8, name: 'count', event: 'wrong', action: 'change failcounter', options: { 'change fail counter': '+1' } },
  { id: 9, name: 'reset', event: 'right', action: 'set failcounter', options: { 'fail counter': '0' } },
];

const USER = { login: 'Ren\u00e9', realm: 'Staff', resolver: 'r1', uid: '7' };
/** How senders may write the one user: the last two are nobody. */
const SPELLINGS = [
  { login: 'Ren\u00e9', realm: 'Staff' },
  { login: 'Rene\u0301', realm: 'sTAFF' },
  { login: 'rene', realm: 'Staff' },
  { login: 'REN\u00c9', realm: 'Staff' },
];

interface Sent {
  readonly source: 'honest' | 'evil';
  readonly id: string;
  readonly name: string;
  /** By serial, or by the user in some spelling. */
  readonly about: 'serial' | 0 | 1 | 2 | 3;
  /** What its clock is off, in milliseconds; `null`: it tells no time. */
  readonly skew: number | null;
}

const sent = (source: Sent['source'], skew: fc.Arbitrary<number | null>): fc.Arbitrary<Sent> =>
  fc.record({
    source: fc.constant(source),
    id: fc.constantFrom('t1', 't2', 't3'),
    name: fc.constantFrom(...WRITES, 'wrong', 'right'),
    about: fc.constantFrom<Sent['about'][]>('serial', 0, 1, 2, 3),
    skew,
  });
const honestly = fc.constantFrom(null, 0, -20, -3000);
const wildly = fc.oneof(
  fc.constantFrom(null, AHEAD, AHEAD + 1, 295_000, -SECOND),
  fc.integer({ min: -3 * 86_400_000, max: 0 }),
);
/** One name again and again, as a user who hammers a login does. */
const flood = fc
  .record({ name: fc.constantFrom('wrong', 'mover'), size: fc.integer({ min: 0, max: 40 }) })
  .map(({ name, size }) =>
    Array.from({ length: size }, (_, i): Sent => ({ source: 'evil', id: `f${i}`, name, about: 'serial', skew: null })),
  );
const worlds = fc
  .tuple(
    fc.array(sent('honest', honestly), { minLength: 1, maxLength: 5 }),
    fc.array(sent('evil', wildly), { maxLength: 15 }),
    flood,
    fc.infiniteStream(fc.nat()),
  )
  .map(([honest, evil, flooding, order]) => {
    const all = [...honest, ...evil, ...flooding].map((one) => ({ one, at: order.next().value ?? 0 }));
    return all.sort((a, b) => a.at - b.at).map(({ one }) => one);
  });

/** What differs in source, name, user or token is another event; the same again is not sent: its time would be unsure. */
function distinct(all: readonly Sent[]): Sent[] {
  const seen = new Set<string>();
  return all.filter(({ source, id, name, about }) => {
    const who = about === 'serial' ? 'serial' : about < 2 ? 'user' : String(about);
    const key = [source, id, name, who].join('/');
    return !seen.has(key) && seen.add(key);
  });
}

/** Each arrives in a second of its own. */
const arrival = (i: number): number => START + i * SECOND;

function envelopeOf({ source, id, name, about, skew }: Sent, i: number) {
  const occurred = skew === null ? {} : { occurred_at: new Date(arrival(i) + skew).toISOString() };
  const whom = about === 'serial' ? { serial: 'T1' } : { user: SPELLINGS[about] };
  const time = new Date(arrival(i)).toISOString();
  return { source, 'detail-type': name, time, detail: { id, ...whom, ...occurred } };
}

interface Step extends Sent {
  readonly time: number;
}

/** The steps that have to be done or superseded, in the order of their times. */
function expectedSteps(events: readonly Sent[]): Step[] {
  return events
    .map((one, i) => ({ ...one, time: Math.min(arrival(i), arrival(i) + (one.skew ?? 0)) }))
    .filter(({ about, skew }) => (about === 'serial' || about < 2) && (skew ?? 0) <= AHEAD)
    .sort((a, b) => a.time - b.time || order(a) - order(b) || (a.id < b.id ? -1 : 1));
}

const order = ({ name }: Sent): number => definitions.find((one) => one.name === nameOf(name))?.id ?? 0;
const nameOf = (name: string): string => ({ wrong: 'count', right: 'reset' })[name] ?? name;

it('no sender changes what the event of another does, but by an assignment that occurred later', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.nat(), async (given, seed) => {
      const events = distinct(given);
      const scenario = await readScenario(
        {
          realms: { Staff: ['r1'] },
          users: [USER],
          tokens: [{ serial: 'T1', tokentype: 'hotp', user: USER }],
          definitions,
          events: events.map(envelopeOf),
        },
        START,
      );
      const { tokens, outcomes } = await runScenario(scenario, { copies: 2, seed });
      const steps = expectedSteps(events);

      const state = steps.filter(({ name }) => WRITES.includes(name)).at(-1)?.name;
      const reset = steps.findLastIndex(({ name }) => name === 'right');
      const failures = steps.slice(reset + 1).filter(({ name }) => name === 'wrong').length;
      expect(tokens).toMatchObject([{ info: state === undefined ? {} : { state }, failcount: failures }]);

      const told = outcomes.filter(({ serial }) => serial === 'T1');
      const ahead = events.filter(({ about, skew }) => (about === 'serial' || about < 2) && (skew ?? 0) > AHEAD);
      expect(told).toHaveLength(steps.length + ahead.length);
      const codes = told.map(({ reason }) => reason?.code ?? 'done');
      expect(codes.filter((code) => code === 'bad_time')).toHaveLength(ahead.length);
      expect(codes.filter((code) => !['done', 'superseded', 'bad_time'].includes(code))).toEqual([]);
    }),
    { ...RUNS, endOnFailure: true },
  );
}, 600_000);
