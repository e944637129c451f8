import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileDefinition } from '../../lib/definition/compile.ts';
import { type DefinitionIndex, indexDefinitions } from '../../lib/definition/definition-index.ts';
import { directoryItems } from '../../lib/directory/import.ts';
import { memoryDirectory } from '../../lib/directory/item-directory.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { eventTerms } from '../../lib/plan/event-terms.ts';
import { type Plan, planEvent } from '../../lib/plan/plan.ts';
import type { PlanSources } from '../../lib/plan/targets.ts';

const CORNELIUS = { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' };

/** A directory that knows one user, who has one token. */
const SOURCES: PlanSources = {
  directory: memoryDirectory(directoryItems({ realms: { realm1: ['resolver1'] }, users: [CORNELIUS] })),
  tokens: {
    read: async () => undefined,
    serialsOf: async function* () {
      yield 'TOTP0001';
    },
  },
  firstDelivery: async (_event, found) => found,
};

const values = {
  realm: fc.constantFrom('realm1', 'realm2', 'realm1,realm2', 'realm3,'),
  resolver: fc.constantFrom('resolver1', 'resolver2', 'resolver2,resolver1'),
  result_value: fc.constantFrom<unknown>('True', 'False', true, false),
  result_status: fc.constantFrom<unknown>('True', 'False', '1'),
  result_authentication: fc.constantFrom('ACCEPT', 'REJECT'),
  logged_in_user: fc.constantFrom('admin', 'user'),
  client_ip: fc.constantFrom(
    '10.0.0.0/8, -10.1.0.0/16',
    '10.1.0.0/12',
    '10.1.2.3,::1',
    '::ffff:10.1.2.0/120',
    '0.0.0.0/0',
    '::/0',
    '2001:db8::/33, !2001:db8:1::/48',
    '-10.0.0.0/8',
  ),
};
/** Few at a time: most definitions shall match something. */
const conditions = fc
  .tuple(fc.record(values), fc.subarray(Object.keys(values), { maxLength: 2 }))
  .map(([all, names]) => Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))));
const definition = fc.record({
  conditions: fc.oneof(conditions, fc.array(conditions, { maxLength: 2 })),
  unless: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, conditions),
  when_missing: fc.constantFrom('hold', 'fail'),
  ordering: fc.integer({ min: 0, max: 2 }),
});
const event = fc.record(
  {
    serial: fc.constant('TOTP0001'),
    client_ip: fc.constantFrom(
      '10.1.2.3',
      '10.2.0.1',
      '::ffff:10.1.2.9',
      '2001:db8:1::1',
      'fe80::1%eth0',
      'localhost',
      '',
    ),
    user: fc.record(
      {
        login: fc.constantFrom('cornelius', 'nobody'),
        realm: fc.constantFrom('realm1', 'realm2'),
        resolver: fc.constantFrom('resolver1', 'resolver2'),
        uid: fc.constantFrom('1000', '2000'),
      },
      { requiredKeys: [] },
    ),
    logged_in_user: fc.record({ role: fc.constantFrom('admin', 'user', 'guest', null) }),
    response: fc.record({
      result: fc.record(
        {
          value: fc.constantFrom<unknown>(true, false, 1, 'True', 'yes', null),
          status: fc.constantFrom<unknown>(true, false),
          authentication: fc.constantFrom<unknown>('ACCEPT', 'REJECT', 'CHALLENGE', 7),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  { requiredKeys: [] },
);

const indexOf = (bodies: readonly object[]): DefinitionIndex =>
  indexDefinitions(
    bodies.map((body, i) => ({
      id: i + 1,
      version: 1,
      body: { id: i + 1, event: 'auth', action: 'disable', ...body },
    })),
    compileDefinition,
  );

async function found(index: DefinitionIndex, detail: object): Promise<number[]> {
  const { definitions } = await index.find('post', 'auth', eventTerms(eventOf(detail)));
  return definitions.map(({ definition }) => definition.id);
}

function eventOf(detail: object) {
  const envelope = { id: 'e', source: 's', 'detail-type': 'auth', time: '2026-03-15T10:20:30Z', detail };
  const parsed = parseAuthEvent(envelope);
  if (!parsed.ok) throw parsed.errors[0];
  return parsed.value;
}

/** A definition that the index rules out asks for no user any more: that is a look-up less, and no other plan. */
const withoutUsers = ({ slips, outcomes }: Plan) => ({ slips: slips.map(({ user: _, ...rest }) => rest), outcomes });

it('plans with the index what it plans without', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(definition, { maxLength: 12 }), event, async (bodies, detail) => {
      const index = indexOf(bodies);
      const everything = (await index.all()).flatMap((one) => (one.ok ? [one.compiled] : []));
      const unindexed: DefinitionIndex = { ...index, find: async () => ({ definitions: everything, broken: [] }) };
      const auth = eventOf(detail);
      const plan = await planEvent(auth, index, SOURCES, 'UTC');
      expect(withoutUsers(plan)).toEqual(withoutUsers(await planEvent(auth, unindexed, SOURCES, 'UTC')));
    }),
    { numRuns: 500 },
  );
});

it('does not look at definitions of other realms and other results', async () => {
  const others = Array.from({ length: 50 }, (_, i) => ({ conditions: { realm: `other${i}`, result_value: 'False' } }));
  const index = indexOf([...others, { conditions: { realm: ['realm2', 'realm1'] } }, { conditions: {} }]);
  const detail = { user: CORNELIUS, response: { result: { value: false } } };
  expect(await found(index, detail)).toEqual([51, 52]);
});

it('does not look at definitions of other networks', async () => {
  const others = Array.from({ length: 50 }, (_, i) => ({ conditions: { client_ip: `192.168.${i}.0/24` } }));
  const index = indexOf([
    ...others,
    { conditions: { client_ip: '10.1.0.0/12, 192.168.0.0/16' } },
    { conditions: [{ client_ip: '10.0.0.0/8' }, { client_ip: '10.1.2.0/24' }] },
    { conditions: { client_ip: '::/0' } },
  ]);
  expect(await found(index, { client_ip: '10.1.2.3' })).toEqual([51, 52]);
  expect(await found(index, { client_ip: '192.168.7.1' })).toEqual([8, 51]);
  expect(await found(index, { client_ip: '2001:db8::1' })).toEqual([53]);
});

it('returns the definitions of every network if the event has no address, or an invalid one', async () => {
  const index = indexOf([{ conditions: { client_ip: '10.0.0.0/8' } }, { conditions: { client_ip: '2001:db8::/32' } }]);
  expect(await found(index, {})).toEqual([1, 2]);
  expect(await found(index, { client_ip: 'localhost' })).toEqual([1, 2]);
});

it('looks at every realm where only the token tells whose it is, and still at no other result', async () => {
  const index = indexOf([
    { conditions: { realm: 'realm1', result_value: 'True' } },
    { conditions: { realm: 'realm2', result_value: 'False' } },
    { conditions: { realm: 'realm3', result_value: 'True' } },
  ]);
  const detail = { serial: 'TOTP0001', response: { result: { value: true } } };
  expect(await found(index, detail)).toEqual([1, 3]);
});

it('finds a definition of many realms and many resolvers', async () => {
  const names = Array.from({ length: 30 }, (_, i) => String(i));
  const conditions = {
    realm: names.map((i) => `realm${i}`).join(),
    resolver: names.map((i) => `resolver${i}`).join(),
  };
  const index = indexOf([{ conditions }]);
  expect(await found(index, { user: { ...CORNELIUS, realm: 'realm29' } })).toEqual([1]);
  expect(await found(index, { user: { ...CORNELIUS, realm: 'elsewhere' } })).toEqual([]);
});
