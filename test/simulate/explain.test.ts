/** A property over random scenarios: the explanation of an event is what then happens. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../lib/event/outcome.ts';
import type { ExplainedStep, Explanation } from '../../lib/simulate/explanation.ts';
import { explainAndPlay } from './what-happens.ts';

/** To run more of them: EXPLAIN_RUNS=500 npx vitest run test/simulate/explain.test.ts */
const RUNS = { numRuns: Number(process.env.EXPLAIN_RUNS ?? 30), seed: Number(process.env.EXPLAIN_SEED ?? 20_260_315) };

const key = fc.constantFrom('a', 'b');
const action = (name: string, options: fc.Arbitrary<Record<string, string>>) =>
  options.map((given) => ({ action: name, options: given }));

const ACTIONS = [
  action('disable', fc.constant({})),
  action('delete', fc.constant({})),
  action('unassign', fc.constant({})),
  action('set description', fc.record({ description: fc.constantFrom('fixed', '{now} {client_ip}', '{username}') })),
  action(
    'set validity',
    fc.record({ 'valid from': fc.constantFrom('', '+1h'), 'valid till': fc.constantFrom('+30d', '01.1.2026') }),
  ),
  action('set failcounter', fc.record({ 'fail counter': fc.constantFrom('0', '7', 'max') })),
  action('change failcounter', fc.record({ 'change fail counter': fc.constantFrom('+1', '-2') })),
  action('set tokeninfo', fc.record({ key, value: fc.constantFrom('1', '{realm}', 'text') })),
  action('increase tokeninfo', fc.record({ key, increment: fc.constantFrom('1', '3') })),
  action('set random pin', fc.record({ length: fc.constantFrom('4', '8') })),
  action('enroll', fc.record({ tokentype: fc.constantFrom('hotp', 'spass', 'sms'), user: fc.constantFrom('0', '1') })),
  action('add tokengroup', fc.record({ tokengroup: fc.constantFrom('g1', 'unknown') })),
  action(
    'set tokenrealm',
    fc.record({ realm: fc.constantFrom('r2', 'nowhere'), only_realm: fc.constantFrom('0', '1') }),
  ),
];

const condition = fc.oneof(
  fc.record({ failcounter: fc.constantFrom('<5', '>=5', '==0') }),
  fc.record({ tokeninfo: fc.constantFrom('a == 1', 'b > 2') }),
  fc.record({ token_has_owner: fc.constantFrom('True', 'False') }),
  fc.record({ tokenrealm: fc.constantFrom('r1', 'r2') }),
  fc.record({ result_value: fc.constantFrom('True', 'False') }),
  fc.record({ client_ip: fc.constantFrom('10.0.0.0/8', '192.168.0.0/16') }),
  fc.record({ realm: fc.constantFrom('r1', 'r2') }),
  fc.record({ user_token_number: fc.constantFrom('==1', '>1') }),
  fc.record({ token_locked: fc.constantFrom('True', 'False') }),
);
const sometimes = (arbitrary: typeof condition) => fc.oneof(fc.constant({}), arbitrary);

const definition = fc.record({
  given: fc.oneof(...ACTIONS),
  ordering: fc.integer({ min: 0, max: 1 }),
  active: fc.constantFrom(true, true, true, false),
  position: fc.constantFrom('post', 'post', 'post', 'pre'),
  conditions: sometimes(condition),
  unless: sometimes(condition),
  when_missing: fc.constantFrom('hold', 'fail'),
  abort_on_error: fc.boolean(),
  target: fc.constantFrom('current', 'current', 'user'),
});
const definitions = fc.array(definition, { minLength: 1, maxLength: 5 }).map((list) =>
  list.map(({ given, target, ...rest }, i) => {
    const own = given.action === 'enroll' ? {} : { target };
    return { id: i + 1, name: `d${i + 1}`, event: 'auth', ...given, ...rest, ...own };
  }),
);

const OWNER = { login: 'hans', realm: 'r1', resolver: 'ldap', uid: '1' };
const token = fc.record({
  tokentype: fc.constant('hotp'),
  revoked: fc.constantFrom(false, false, false, true),
  failcount: fc.integer({ min: 0, max: 11 }),
  info: fc.constantFrom({}, { a: '1' }, { a: 'text', b: '4' }),
  user: fc.constantFrom(null, OWNER, OWNER),
});
const event = fc.record({
  about: fc.constantFrom<object>(
    { serial: 'T1' },
    { serial: 'T1,T2,T3' },
    { user: { login: 'hans', realm: 'r1' } },
    { user: { login: 'nobody', realm: 'r1' }, serial: 'T2' },
    {},
  ),
  client_ip: fc.constantFrom('10.0.0.1', '172.16.0.1'),
  position: fc.constantFrom('post', 'post', 'pre'),
  second: fc.integer({ min: 0, max: 9 }),
});
const response = { result: { status: true, value: true } };

const scenario = fc.record({
  definitions,
  tokens: fc.tuple(token, token).map((list) => list.map((one, i) => ({ serial: `T${i + 1}`, ...one }))),
  events: fc.array(event, { minLength: 1, maxLength: 3 }).map((list) =>
    list.map(({ about, client_ip, position, second }, i) => ({
      id: `e${i + 1}`,
      'detail-type': 'auth',
      time: `2026-03-15T10:00:0${second}Z`,
      detail: { ...about, client_ip, position, response },
    })),
  ),
});

describe('explain', () => {
  it(
    'says what then happens to every definition and token, and writes nothing',
    async () => {
      await fc.assert(
        fc.asyncProperty(scenario, async (file) => {
          const surroundings = { realms: { r1: ['ldap'], r2: ['ldap'] }, users: [OWNER], tokengroups: ['g1'] };
          for (const told of await explainAndPlay({ ...surroundings, ...file })) {
            expect(sorted(announcedBy(told.before))).toEqual(sorted(told.happened.map(essence)));
            expect(told.expected).toEqual(told.tokens);
            expect(told.writes).toBe(0);
            for (const step of stepsOf(told.before)) expect(contradiction(step)).toBeUndefined();
            expect(actingIn(told.after).filter((step) => actingIn(told.before).includes(step))).toEqual([]);
          }
        }),
        RUNS,
      );
    },
    RUNS.numRuns * 8_000,
  );
});

type Essence = Pick<Outcome, 'serial' | 'status' | 'changes'> & {
  readonly reason: ExplainedStep['reason'];
  readonly definition: number | undefined;
};

/** An outcome as explain can predict it: the serial of a token that is created is not predicted. */
function essence({ definition, serial, status, reason, changes }: Outcome): Essence {
  return { definition: definition?.id, serial: changes?.created ? null : serial, status, reason, changes };
}

/** The outcomes that an explanation predicts. */
function announcedBy({ definitions }: Explanation): Essence[] {
  return definitions.flatMap(({ id, steps }) =>
    steps.flatMap(({ serial, verdict, reason, changes }): Essence[] => {
      if (verdict === 'passed_over') return [];
      const done = verdict === 'acts' || verdict === 'done_before';
      const status = done ? 'done' : verdict;
      return [{ definition: id, serial, status, reason: done ? null : reason, changes }];
    }),
  );
}

function stepsOf({ definitions }: Explanation): ExplainedStep[] {
  return definitions.flatMap(({ steps }) => steps);
}

function actingIn({ definitions }: Explanation): string[] {
  return definitions.flatMap(({ id, steps }) =>
    steps.flatMap(({ verdict, serial }) => (verdict === 'acts' ? [`${id} ${serial}`] : [])),
  );
}

/** Finds a step whose verdict contradicts its conditions. */
function contradiction({ verdict, reason, conditions }: ExplainedStep): string | undefined {
  const unmet = conditions.filter(({ passes }) => !passes).length;
  if (verdict === 'acts' && unmet > 0) return 'acts in spite of a condition';
  if (verdict !== 'acts' && reason === null) return 'does not act, and no reason is given';
  if (reason?.code === 'condition' && unmet === 0) return 'does not act because of a condition, and all of them pass';
  return undefined;
}

function sorted(list: readonly Essence[]): Essence[] {
  return list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
