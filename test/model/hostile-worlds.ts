/**
 * Worlds with hostile and honest senders: floods, clocks that are ahead or behind, ids used twice, user names in other
 * spellings; and the expected results, computed without any code of `lib/`. No sender changes what another sender's event
 * does to a token, except by an assignment that occurred later.
 */
import fc from 'fast-check';

export const START = Date.parse('2026-03-15T10:00:00Z');
const SECOND = 1000;
const AHEAD = 5 * 60_000;
/** More events than a ledger has entries. */
const FLOODED = 515;

/** One definition for each event name, which it writes. */
const WRITES = ['joiner', 'mover', 'leaver'];
const COUNTED = ['wrong', 'refused'];
/** The event of the large floods; no honest event has its definition. */
export const NOISE = 7;
export const DEFINITIONS = [
  ...WRITES.map((name, i) => ({
    id: i + 1,
    name,
    event: name,
    action: 'set tokeninfo',
    options: { key: 'state', value: name },
  })),
  { id: 6, name: 'part', event: 'parted', action: 'unassign', options: {} },
  { id: NOISE, name: 'noise', event: 'noise', action: 'increase tokeninfo', options: { key: 'noise' } },
  { id: 8, name: 'count', event: COUNTED, action: 'change failcounter', options: { 'change fail counter': '+1' } },
  { id: 9, name: 'reset', event: 'right', action: 'set failcounter', options: { 'fail counter': '0' } },
];

export const USER = { login: 'Ren\u00e9', realm: 'Staff', resolver: 'r1', uid: '7' };
/** Spellings of the user; the last two are not a user. */
const SPELLINGS = [
  { login: 'Ren\u00e9', realm: 'Staff' },
  { login: 'Rene\u0301', realm: 'sTAFF' },
  { login: 'rene', realm: 'Staff' },
  { login: 'REN\u00c9', realm: 'Staff' },
];

/** Ada has the token T2 until it is unassigned; Lea has none. */
export const ADA = { ...USER, login: 'ada', uid: '8' };
export const LEA = { ...USER, login: 'lea', uid: '9' };

interface Sent {
  readonly source: 'honest' | 'evil';
  readonly id: string;
  readonly name: string;
  /** The token by serial, or by the user in some spelling; or another user. */
  readonly about: 'serial' | 0 | 1 | 2 | 3 | 'ada' | 'lea';
  /** The error of the sender's clock, in milliseconds; `null`: it sends no time. */
  readonly skew: number | null;
}

export interface HostileWorld {
  /** The events in the order of their arrival, with a second between them. */
  readonly events: readonly Sent[];
  /** This many of the last events are a flood that is delivered first; 0: all are shuffled, and each comes twice. */
  readonly flood: number;
  readonly seed: number;
}

const sent = (source: Sent['source'], skew: fc.Arbitrary<number | null>): fc.Arbitrary<Sent> =>
  fc
    .record({
      source: fc.constant(source),
      id: fc.constantFrom('t1', 't2', 't3'),
      skew,
      what: fc.oneof(
        {
          weight: 4,
          arbitrary: fc.record({
            name: fc.constantFrom(...WRITES, ...COUNTED, 'right'),
            about: fc.constantFrom<Sent['about'][]>('serial', 0, 1, 2, 3),
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({ name: fc.constant('parted'), about: fc.constantFrom<Sent['about'][]>('ada', 'lea') }),
        },
      ),
    })
    .map(({ what, ...rest }) => ({ ...rest, ...what }));
const honestly = fc.constantFrom(null, 0, -20, -3000);
const wildly = fc.oneof(
  fc.constantFrom(null, AHEAD, AHEAD + 1, 295_000, -SECOND),
  fc.integer({ min: -3 * 86_400_000, max: 0 }),
);
/** Makes a flood of one event name, such as repeated logins. */
const floodOf = (name: string, size: number): Sent[] =>
  Array.from({ length: size }, (_, i) => ({ source: 'evil', id: `f${i}`, name, about: 'serial', skew: null }));

const senders = { honest: fc.array(sent('honest', honestly), { minLength: 1, maxLength: 5 }), seed: fc.nat() };

const shuffledWorlds = fc
  .record({
    ...senders,
    evil: fc.array(sent('evil', wildly), { maxLength: 15 }),
    flood: fc.tuple(fc.constantFrom('wrong', 'mover'), fc.integer({ min: 0, max: 40 })),
    order: fc.infiniteStream(fc.nat()),
  })
  .map(({ honest, evil, flood, order, seed }): HostileWorld => {
    const all = distinct([...honest, ...evil, ...floodOf(...flood)]).map((one) => ({
      one,
      at: order.next().value ?? 0,
    }));
    return { events: all.sort((a, b) => a.at - b.at).map(({ one }) => one), flood: 0, seed };
  });

const floodedWorlds = fc
  .record({ ...senders, evil: fc.array(sent('evil', wildly), { maxLength: 3 }) })
  .map(({ honest, evil, seed }): HostileWorld => {
    const others = distinct([...honest, ...evil]);
    return { events: [...others, ...floodOf('noise', FLOODED)], flood: FLOODED, seed };
  });

export const hostileWorlds = fc.oneof(
  { weight: 5, arbitrary: shuffledWorlds },
  { weight: 1, arbitrary: floodedWorlds },
);

/** Drops events with the same source, name, user and token, since it would be unclear which of their times counts. */
function distinct(all: readonly Sent[]): Sent[] {
  const seen = new Set<string>();
  return all.filter(({ source, id, name, about }) => {
    const key = [source, id, name, about === 1 ? 0 : about].join('/');
    return !seen.has(key) && seen.add(key);
  });
}

/** Makes the envelopes, in the order in which they are put. */
export function envelopesOf({ events, flood }: HostileWorld): object[] {
  const all = events.map(envelopeOf);
  return [...all.slice(all.length - flood), ...all.slice(0, all.length - flood)];
}

const arrival = (i: number): number => START + i * SECOND;

function envelopeOf({ source, id, name, about, skew }: Sent, i: number): object {
  const occurred = skew === null ? {} : { occurred_at: new Date(arrival(i) + skew).toISOString() };
  const whom = about === 'serial' ? { serial: 'T1' } : { user: userOf(about) };
  const time = new Date(arrival(i)).toISOString();
  return { source, 'detail-type': name, time, detail: { id, ...whom, ...occurred } };
}

function userOf(about: Exclude<Sent['about'], 'serial'>): object | undefined {
  if (typeof about === 'number') return SPELLINGS[about];
  return { login: about, realm: USER.realm };
}

/** The expected result of a world, without its floods. */
export interface Expected {
  readonly state: string | undefined;
  readonly failcount: number;
  /** Steps that are done, or superseded by a later one. */
  readonly steps: number;
  /** Steps that are refused because they claim to be from the future. */
  readonly ahead: number;
  /** Whether Ada's token was unassigned. */
  readonly parted: boolean;
}

export function expectedOf({ events }: HostileWorld): Expected {
  const meant = events
    .map((one, i) => ({ ...one, time: Math.min(arrival(i), arrival(i) + (one.skew ?? 0)) }))
    .filter(({ about, name }) => ['serial', 0, 1].includes(about) && name !== 'noise');
  const steps = meant
    .filter(({ skew }) => (skew ?? 0) <= AHEAD)
    .sort((a, b) => a.time - b.time || order(a) - order(b) || (a.id < b.id ? -1 : 1));
  const reset = steps.findLastIndex(({ name }) => name === 'right');
  return {
    state: steps.findLast(({ name }) => WRITES.includes(name))?.name,
    failcount: steps.slice(reset + 1).filter(({ name }) => COUNTED.includes(name)).length,
    steps: steps.length,
    ahead: meant.length - steps.length,
    parted: events.some(({ about, skew }) => about === 'ada' && (skew ?? 0) <= AHEAD),
  };
}

const order = ({ name }: Sent): number => DEFINITIONS.find(({ event }) => [event].flat().includes(name))?.id ?? 0;
