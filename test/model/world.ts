/**
 * Random worlds for the model: tokens, definitions, events in rounds, and faults. All events of a round are put at
 * once; a round begins when everything of the one before has been seen through.
 */
import fc from 'fast-check';

export const NOW = Date.parse('2026-03-15T10:20:30Z');
export const DAY = 86_400_000;
export const OWNER = { login: 'hans', realm: 'r1', resolver: 'ldap', uid: '1' };
export const REALMS = { r1: ['ldap'], r2: ['ldap'], r3: ['ldap'] };
export const GROUPS = ['g1', 'g2'];

export interface WorldToken {
  readonly serial: string;
  readonly tokentype: 'hotp' | 'totp';
  readonly active: boolean;
  readonly revoked: boolean;
  readonly failcount: number;
  readonly info: Readonly<Record<string, string>>;
  readonly realms: readonly string[];
  readonly tokengroups: readonly string[];
  readonly user: typeof OWNER | null;
}

export interface WorldDefinition {
  readonly id: number;
  readonly event: string;
  readonly ordering: number;
  readonly action: string;
  readonly options: Readonly<Record<string, string>>;
  readonly conditions: Readonly<Record<string, string>>;
  readonly abort_on_error: boolean;
  readonly target: 'current' | 'user';
}

export interface WorldEvent {
  readonly id: string;
  readonly name: string;
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly serials: readonly string[];
  readonly user: boolean;
  readonly client_ip: string;
  readonly value: boolean;
}

export interface World {
  readonly tokens: readonly WorldToken[];
  readonly definitions: readonly WorldDefinition[];
  readonly rounds: readonly (readonly WorldEvent[])[];
  /** `--faults`. */
  readonly faults: string;
  /** What the SDK may try by itself. */
  readonly attempts: '1' | '2';
}

const key = fc.constantFrom('a', 'b');
const small = fc.integer({ min: -3, max: 12 }).map(String);
const act = (action: string, options: fc.Arbitrary<Record<string, string>> = fc.constant({})) =>
  options.map((given) => ({ action, options: given }));

const COUNTING = [
  act('change failcounter', fc.record({ 'change fail counter': fc.constantFrom('+1', '-2', '7') })),
  act('increase tokeninfo', fc.record({ key, increment: fc.constantFrom('1', '3') })),
];
const SETTING = [
  act('set failcounter', fc.record({ 'fail counter': small })),
  act('set tokeninfo', fc.record({ key, value: small })),
  act('delete tokeninfo', fc.record({ key })),
  act('disable'),
  act('enable'),
];
const OTHERS = [
  act('set description', fc.record({ description: fc.constantFrom('fixed', 'from {client_ip}') })),
  act('set validity', fc.record({ 'valid till': fc.constantFrom('+30d', '+90m') })),
  act('set countwindow', fc.record({ 'count window': fc.constantFrom('5', '20') })),
  act('set max failcount', fc.record({ 'max failcount': fc.constantFrom('0', '8') })),
  act('add tokengroup', fc.record({ tokengroup: fc.constantFrom('g1', 'g2', 'unknown') })),
  act('remove tokengroup', fc.record({ tokengroup: fc.constantFrom('g1', 'g2') })),
  act(
    'set tokenrealm',
    fc.record({ realm: fc.constantFrom('r2', 'r3', 'nowhere'), only_realm: fc.constantFrom('0', '1') }),
  ),
  act('unassign'),
  act('delete'),
  act('set random pin', fc.record({ length: fc.constantFrom('4', '8') })),
];
/** What a second delivery would do twice, and what an older one would undo, comes up more often. */
const action = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(...COUNTING) },
  { weight: 4, arbitrary: fc.oneof(...SETTING) },
  { weight: 5, arbitrary: fc.oneof(...OTHERS) },
);

const conditions = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.oneof(
      fc.record({ failcounter: fc.constantFrom('<3', '>=3', '==0', '7') }),
      fc.record({ tokeninfo: fc.constantFrom('a == 1', 'a > 2', 'b < 5') }),
      fc.record({ token_has_owner: fc.constantFrom('True', 'False') }),
      fc.record({ tokenrealm: fc.constantFrom('r1', 'r2') }),
      fc.record({ tokentype: fc.constantFrom('hotp', 'totp,sms') }),
      fc.record({ result_value: fc.constantFrom('True', 'False') }),
    ),
  },
);

const EVENTS = ['token_init', 'validate_check', 'token_init,validate_check'];

interface Turned {
  readonly condition: Readonly<Record<string, string>>;
  readonly by: Pick<WorldDefinition, 'action' | 'options'>;
}

/** A step that is skipped, then one after which it would not be. */
const SIBLINGS = fc
  .record({
    turned: fc.constantFrom<Turned[]>(
      {
        condition: { failcounter: '>=3' },
        by: { action: 'change failcounter', options: { 'change fail counter': '7' } },
      },
      { condition: { failcounter: '>=3' }, by: { action: 'set failcounter', options: { 'fail counter': '5' } } },
      {
        condition: { tokeninfo: 'a > 2' },
        by: { action: 'increase tokeninfo', options: { key: 'a', increment: '3' } },
      },
    ),
    first: fc.oneof(act('disable'), act('increase tokeninfo', fc.constant({ key: 'b', increment: '1' }))),
    third: fc.oneof(...COUNTING),
  })
  .map(({ turned, first, third }) =>
    [first, turned.by, third].map((given, i) => ({
      id: i + 1,
      ordering: 0,
      event: 'token_init,validate_check',
      ...given,
      conditions: i === 0 ? turned.condition : {},
      abort_on_error: false,
      target: 'current' as const,
    })),
  );

/** Steps before, at and behind one that takes the token away. */
const LEAVING = fc
  .record({
    before: fc.oneof(...COUNTING),
    leaving: fc.oneof(act('delete'), act('unassign')),
    behind: fc.oneof(...COUNTING, act('disable')),
    targets: fc.tuple(...Array.from({ length: 3 }, () => fc.constantFrom('current' as const, 'user' as const))),
  })
  .map(({ before, leaving, behind, targets }) =>
    [before, leaving, behind].map((given, i) => ({
      id: i + 1,
      ordering: 0,
      event: 'token_init,validate_check',
      ...given,
      conditions: {},
      abort_on_error: false,
      target: targets[i] ?? 'current',
    })),
  );

function definitions(flavour: Flavour): fc.Arbitrary<WorldDefinition[]> {
  if (flavour === 'siblings') return SIBLINGS;
  if (flavour === 'leaving') return LEAVING;
  const one = fc.record({
    event: fc.constantFrom(...EVENTS),
    ordering: fc.integer({ min: 0, max: 1 }),
    given: flavour === 'busy' ? fc.oneof(...COUNTING, ...SETTING.slice(0, 2)) : action,
    conditions: flavour === 'conditional' ? conditions : fc.constant({}),
    abort_on_error: fc.boolean(),
    target:
      flavour === 'users' ? fc.constantFrom('current' as const, 'user' as const) : fc.constant('current' as const),
  });
  const size = flavour === 'busy' ? { minLength: 3, maxLength: 3 } : { minLength: 1, maxLength: 4 };
  return fc.array(one, size).map((list) =>
    list.map(({ given, ...rest }, i) => ({
      id: i + 1,
      ...given,
      ...rest,
      ...(flavour === 'busy' ? { event: 'token_init' } : {}),
    })),
  );
}

const token = fc.record({
  tokentype: fc.constantFrom('hotp' as const, 'totp' as const),
  active: fc.boolean(),
  revoked: fc.constantFrom(false, false, false, false, true),
  failcount: fc.integer({ min: 0, max: 8 }),
  info: fc.constantFrom<Record<string, string>[]>({}, { a: '1' }, { a: '3', b: '4' }),
  realms: fc.constantFrom<string[][]>([], ['r2']),
  tokengroups: fc.constantFrom<string[][]>([], ['g1']),
  user: fc.constantFrom(null, OWNER),
});

export const FLAVOURS = {
  conditional: 'conditions on the token, mostly one event after the other',
  siblings: 'a verdict that a later step of the same slip would turn round',
  order: 'many events at once, without conditions',
  users: 'events about a user',
  leaving: 'tokens that are deleted, or leave their user',
  busy: 'more steps than a ledger must keep, and old ones again',
} as const;
export type Flavour = keyof typeof FLAVOURS;

function happenings(flavour: Flavour) {
  const about =
    flavour === 'users' || flavour === 'leaving'
      ? fc.constantFrom({ serials: [] as string[], user: true }, { serials: ['T1'], user: true })
      : fc.constantFrom(
          { serials: ['T1'], user: false },
          { serials: ['T1', 'T2'], user: false },
          { serials: ['T1', 'T9'], user: false },
        );
  return fc.record({
    name: flavour === 'busy' ? fc.constant('token_init') : fc.constantFrom('token_init', 'validate_check'),
    about: flavour === 'busy' ? fc.constant({ serials: ['T1'], user: false }) : about,
    // Few different ones, that events of one instant come up; now and then a sender's clock is wrong.
    ago: fc.oneof(
      { weight: 12, arbitrary: fc.integer({ min: 0, max: 4 }).map((seconds) => seconds * 1000) },
      { weight: 1, arbitrary: fc.constant(-600_000) },
    ),
    value: fc.boolean(),
  });
}

interface Happening {
  readonly name: string;
  readonly about: { readonly serials: readonly string[]; readonly user: boolean };
  readonly ago: number;
  readonly value: boolean;
}

function toEvent({ name, about, ago, value }: Happening, i: number): WorldEvent {
  return { id: `e${i + 1}`, name, time: NOW - ago, ...about, client_ip: `10.0.0.${i + 1}`, value };
}

/** The rounds: a new event, several at once, or an earlier one again as a sender repeats it. */
function rounds(flavour: Flavour): fc.Arbitrary<WorldEvent[][]> {
  if (flavour === 'busy') return busyRounds();
  const one = flavour === 'siblings' || flavour === 'leaving';
  const several =
    flavour === 'order' ? fc.constantFrom([5], [3, 3]) : fc.constantFrom([1, 1, 1, 0], [1, 2, 1], [3, 0, 1]);
  const sizes = one ? fc.constant([1, 1]) : several;
  return fc
    .record({ sizes, all: fc.array(happenings(flavour), { minLength: 6, maxLength: 6 }), again: fc.nat() })
    .map(({ sizes, all, again }) => {
      const events = all.map(toEvent);
      const played: WorldEvent[] = [];
      return sizes.map((size) => {
        const fresh = events.slice(played.length, played.length + size);
        if (size === 0) return [played[again % played.length]].filter((event) => event !== undefined);
        played.push(...fresh);
        return fresh;
      });
    });
}

/** Old events first, then more steps than a ledger must keep, then the old ones again. */
function busyRounds(): fc.Arbitrary<WorldEvent[][]> {
  return fc
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
  return fc
    .record({
      tokens: fc.tuple(token, token),
      definitions: definitions(flavour),
      rounds: rounds(flavour),
      faults,
    })
    .map(({ tokens, definitions, rounds, faults: { seed, rate, duplicate, refuse, drop, late, attempts } }) => ({
      tokens: tokens.map((one, i) => ({
        serial: `T${i + 1}`,
        ...one,
        ...(flavour === 'busy' ? { revoked: false } : {}),
        ...(flavour === 'siblings' ? { revoked: false, failcount: i, info: { a: '0' } } : {}),
        ...(flavour === 'leaving' ? { revoked: false, user: OWNER } : {}),
      })),
      definitions,
      rounds,
      faults: [
        `seed=${seed}`,
        `calls=${flavour === 'siblings' ? 0.01 : rate}`,
        'timeout=0.004',
        `late=${late}`,
        `events.refuse=${refuse}`,
        `duplicate=${flavour === 'siblings' ? 0.5 : duplicate}`,
        'delay=0.2',
        'reorder=0.3',
        `drop=${drop}`,
      ].join(','),
      attempts,
    }));
}
