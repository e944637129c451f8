/** The kinds of worlds. Each exercises some of the guarantees more often than a random world would. */
import fc from 'fast-check';
import * as definitions from './definitions.ts';
import { token } from './ingredients.ts';
import * as rounds from './rounds.ts';
import { OWNER, type World, type WorldDefinition, type WorldEvent, type WorldToken } from './world.ts';

interface Kind {
  readonly what: string;
  readonly definitions: fc.Arbitrary<WorldDefinition[]>;
  readonly rounds: fc.Arbitrary<WorldEvent[][]>;
  /** Default: two. */
  readonly tokens?: number;
  /** Attributes that are the same for every token, or depend on its number. */
  readonly token?: (i: number) => Partial<WorldToken>;
  readonly way?: World['way'];
  /** Fixed fault rates; all others are random. */
  readonly rates?: Partial<Readonly<Record<'calls' | 'refuse' | 'duplicate' | 'late' | 'drop', string>>>;
  /** Removes from a generated world what the model cannot predict. */
  readonly foretellable?: (world: World) => World;
}

const KINDS = {
  conditional: {
    what: 'conditions on the token, mostly one event after the other',
    definitions: definitions.CONDITIONAL,
    rounds: rounds.MIXED,
  },
  siblings: {
    what: 'a verdict that a later step of the same slip would turn round',
    definitions: definitions.SIBLINGS,
    rounds: rounds.ONE_BY_ONE,
    token: (i) => ({ revoked: false, failcount: i, info: { a: '0' } }),
    rates: { calls: '0.01', duplicate: '0.5' },
  },
  ahead: {
    what: 'steps that the function of the step before them ends',
    definitions: definitions.AHEAD,
    rounds: rounds.ONE_BY_ONE,
    token: (i) => ({ revoked: false, failcount: i, info: {} }),
    rates: { calls: '0.01', duplicate: '0.2', refuse: '0.05', late: '0.02', drop: '0' },
  },
  unremembered: {
    what: 'steps that no ledger remembers, and a bus that refuses their outcomes',
    definitions: definitions.UNREMEMBERED,
    rounds: rounds.ONE_BY_ONE,
    token: (i) => ({ revoked: false, failcount: i, info: { a: '0' } }),
    rates: { calls: '0.01', duplicate: '0.02', refuse: '0.5', late: '0.01', drop: '0' },
  },
  order: {
    what: 'many events at once, without conditions',
    definitions: definitions.anyDefinitions(),
    rounds: rounds.CROWDED,
  },
  counted: {
    what: 'increments, and older assignments that come behind them',
    definitions: definitions.COUNTED,
    rounds: rounds.CROWDED,
    token: () => ({ revoked: false }),
  },
  users: {
    what: 'events about a user',
    definitions: definitions.ON_USERS,
    rounds: rounds.MIXED_ON_USERS,
  },
  leaving: {
    what: 'tokens that are deleted, or leave their user',
    definitions: definitions.LEAVING,
    rounds: rounds.ONE_BY_ONE_ON_USERS,
    token: () => ({ revoked: false, user: OWNER }),
  },
  busy: {
    what: 'more steps than a ledger must keep, and old ones again',
    definitions: definitions.BUSY,
    rounds: rounds.CROWDED_OUT,
    token: () => ({ revoked: false }),
  },
  enrolling: {
    what: 'tokens that are made for a user',
    definitions: definitions.ENROLLING,
    rounds: rounds.MIXED_ON_USERS,
    rates: { late: '0.02' },
  },
  pre: {
    what: 'events whose sender waits for the outcomes, and asks again',
    definitions: definitions.PRE,
    rounds: rounds.REPEATED,
    way: 'pre',
  },
  bulk: {
    what: 'definitions on every token of a state',
    definitions: definitions.BULK,
    rounds: rounds.WALKED,
    tokens: 7,
    rates: { late: '0.02' },
    foretellable: withSettledStates,
  },
} satisfies Record<string, Kind>;

export type Flavour = keyof typeof KINDS;
export const FLAVOURS = Object.keys(KINDS) as Flavour[];

export function aboutFlavour(flavour: Flavour): string {
  return KINDS[flavour].what;
}

/** Makes events come one by one if their order could change which tokens are in a state. */
function withSettledStates(world: World): World {
  const MOVING = ['enable', 'disable', 'delete', 'unassign'];
  if (!world.definitions.some(({ action }) => MOVING.includes(action))) return world;
  return { ...world, rounds: world.rounds.flatMap((round) => round.map((event) => [event])) };
}

const faults = fc.record({
  seed: fc.nat(),
  rate: fc.constantFrom('0.01', '0.02', '0.05'),
  duplicate: fc.constantFrom('0.05', '0.2'),
  refuse: fc.constantFrom('0.05', '0.4'),
  drop: fc.constantFrom('0', '0.1'),
  late: fc.constantFrom('0.02', '0.2'),
  attempts: fc.constantFrom('1' as const, '1' as const, '2' as const),
});

export function worlds(flavour: Flavour): fc.Arbitrary<World> {
  const kind: Kind = KINDS[flavour];
  const tokens = fc.tuple(...Array.from({ length: kind.tokens ?? 2 }, () => token));
  return fc
    .record({ tokens, definitions: kind.definitions, rounds: kind.rounds, faults })
    .map(({ tokens, definitions, rounds, faults: { seed, rate, attempts, ...drawn } }) => {
      const { calls, late, refuse, duplicate, drop } = { calls: rate, ...drawn, ...kind.rates };
      const world: World = {
        tokens: tokens.map((one, i) => ({ serial: `T${i + 1}`, ...one, ...kind.token?.(i) })),
        definitions,
        rounds,
        faults: [
          `seed=${seed}`,
          `calls=${calls}`,
          'timeout=0.004',
          `late=${late}`,
          `events.refuse=${refuse}`,
          `duplicate=${duplicate}`,
          'delay=0.2',
          'reorder=0.3',
          `drop=${drop}`,
        ].join(','),
        attempts,
        way: kind.way ?? 'bus',
      };
      return kind.foretellable?.(world) ?? world;
    });
}
