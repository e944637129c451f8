/** Every condition with a case that holds, one that does not, and one where its fact is missing. */
import { beforeAll, describe, expect, test } from 'vitest';
import { conditions, findCondition } from '../../lib/condition/catalogue.ts';
import { allKnown, decide, type Facts, type Verdict } from '../../lib/condition/condition.ts';
import { loadRegularExpressions } from '../../lib/condition/regular-expression.ts';
import { factsOf, makeContainer, makeToken, NOTHING, USER } from './facts.ts';

interface Case {
  readonly name: string;
  readonly value: string;
  readonly holds: Partial<Facts>;
  readonly fails: Partial<Facts>;
  /** What `NOTHING` decides; most conditions hold then. */
  readonly missingHolds: boolean;
}

const answering = (response: unknown): Partial<Facts> => ({ event: { ...NOTHING.event, response } });
const withRole = (role: string | null): Partial<Facts> => ({ event: { ...NOTHING.event, logged_in_user: { role } } });
const from = (client_ip: string): Partial<Facts> => ({ event: { ...NOTHING.event, client_ip } });
const withToken = (fields: Parameters<typeof makeToken>[0]): Partial<Facts> => ({ token: makeToken(fields) });
const withContainer = (fields: Parameters<typeof makeContainer>[0]): Partial<Facts> => ({
  container: makeContainer(fields),
});
const challenge = { serial: 'HOTP01', transaction_id: 'T1', session: 'enrollment', expires: '2026-03-15T10:25:30Z' };
const expired = { ...challenge, session: 'x', expires: '2026-03-15T10:15:30Z' };
const free = { serial: 'A', failcount: 0, maxfail: 10 };
const owned = { user: { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' } };

const cases: readonly Case[] = [
  { name: 'logged_in_user', value: 'admin', holds: withRole('admin'), fails: withRole(null), missingHolds: false },
  { name: 'logged_in_user', value: 'user', holds: withRole('user'), fails: withRole('admin'), missingHolds: true },
  {
    name: 'result_value',
    value: 'True',
    holds: answering({ result: { value: 1 } }),
    fails: answering({ result: { value: 'yes' } }),
    missingHolds: false,
  },
  {
    name: 'result_value',
    value: 'False',
    holds: answering({ result: { value: null } }),
    fails: answering({ result: { value: 'TRUE' } }),
    missingHolds: true,
  },
  {
    name: 'result_status',
    value: 'True',
    holds: answering({ result: { status: true } }),
    fails: answering({ result: { status: false } }),
    missingHolds: false,
  },
  {
    name: 'result_authentication',
    value: 'DECLINED',
    holds: answering({ result: { authentication: 'DECLINED' } }),
    fails: answering({ result: { authentication: 'declined' } }),
    missingHolds: false,
  },
  {
    name: 'detail_message',
    value: 'otp p.n',
    holds: answering({ detail: { message: 'wrong otp pin' } }),
    fails: answering({ detail: { message: 'Wrong OTP pin' } }),
    missingHolds: false,
  },
  {
    name: 'detail_error_message',
    value: '.*',
    holds: answering({ detail: { error: { message: 'x' } } }),
    fails: answering({ detail: null }),
    missingHolds: true,
  },
  {
    name: 'client_ip',
    value: '10.0.0.0/8, -10.1.0.0/16',
    holds: from('10.2.0.1'),
    fails: from('10.1.0.1'),
    missingHolds: true,
  },
  {
    name: 'realm',
    value: 'realm1,realm2',
    holds: { user: USER },
    fails: { user: { ...USER, realm: 'Realm1' } },
    missingHolds: false,
  },
  {
    name: 'realm',
    value: 'realm1,',
    holds: { user: USER },
    fails: { user: { ...USER, realm: 'realm2' } },
    missingHolds: true,
  },
  {
    name: 'resolver',
    value: 'resolver1',
    holds: { user: USER },
    fails: { user: { ...USER, resolver: 'resolver2' } },
    missingHolds: false,
  },
  {
    name: 'user_info',
    value: "email 'string_contains' @EXAMPLE",
    holds: { attributes: USER },
    fails: { attributes: { ...USER, attributes: {} } },
    missingHolds: false,
  },
  {
    name: 'user_token_number',
    value: '1',
    holds: { user_tokens: [free] },
    fails: { user_tokens: [] },
    missingHolds: true,
  },
  {
    name: 'user_container_number',
    value: '>=2',
    holds: { user_containers: 2 },
    fails: { user_containers: 0 },
    missingHolds: true,
  },
  {
    name: 'tokentype',
    value: 'totp,hotp',
    holds: withToken({ tokentype: 'hotp' }),
    fails: withToken({ tokentype: 'HOTP' }),
    missingHolds: true,
  },
  {
    name: 'tokenrealm',
    value: 'realm2',
    holds: withToken({ realms: ['realm1', 'realm2'] }),
    fails: withToken({ realms: ['realm1'] }),
    missingHolds: true,
  },
  {
    name: 'tokenresolver',
    value: 'r3',
    holds: { ...withToken({ realms: ['b'] }), realms: { b: ['r2', 'r3'] } },
    fails: { ...withToken({ realms: ['a'] }), realms: { a: ['r1'], b: ['r3'] } },
    missingHolds: true,
  },
  { name: 'serial', value: 'T|HO', holds: { serial: 'HOTP01' }, fails: { serial: 'xHOTP01' }, missingHolds: true },
  {
    name: 'rollout_state',
    value: 'enrolled',
    holds: withToken({ rollout_state: '' }),
    fails: withToken({ rollout_state: 'clientwait' }),
    missingHolds: true,
  },
  {
    name: 'token_locked',
    value: 'True',
    holds: withToken({ failcount: 10 }),
    fails: withToken({ failcount: 9 }),
    missingHolds: true,
  },
  {
    name: 'token_locked',
    value: 'False',
    holds: { user_tokens: [free] },
    fails: { user_tokens: [free, { serial: 'B', failcount: 10, maxfail: 10 }] },
    missingHolds: true,
  },
  { name: 'token_has_owner', value: 'True', holds: withToken(owned), fails: withToken({}), missingHolds: true },
  {
    name: 'token_is_orphaned',
    value: 'True',
    holds: withToken(owned),
    fails: { ...withToken(owned), owner: USER },
    missingHolds: true,
  },
  { name: 'token_is_orphaned', value: 'False', holds: withToken({}), fails: withToken(owned), missingHolds: true },
  {
    name: 'token_validity_period',
    value: 'True',
    holds: withToken({
      info: { validity_period_start: '2026-03-15T10:20+0000', validity_period_end: '2026-03-15T10:20:30Z' },
    }),
    fails: withToken({ info: { validity_period_end: '2026-03-15T10:20+0000' } }),
    missingHolds: true,
  },
  {
    name: 'token_is_in_container',
    value: 'True',
    holds: { ...withToken({}), ...withContainer({ tokens: ['HOTP01'] }) },
    fails: withToken({}),
    missingHolds: true,
  },
  {
    name: 'failcounter',
    value: '<5',
    holds: withToken({ failcount: 4 }),
    fails: withToken({ failcount: 5 }),
    missingHolds: true,
  },
  {
    name: 'otp_counter',
    value: '>100',
    holds: withToken({ count: 101 }),
    fails: withToken({ count: 100 }),
    missingHolds: true,
  },
  {
    name: 'count_auth',
    value: '=0',
    holds: withToken({}),
    fails: withToken({ info: { count_auth: '3' } }),
    missingHolds: true,
  },
  {
    name: 'count_auth_success',
    value: "'!equals' 3",
    holds: withToken({}),
    fails: withToken({ info: { count_auth_success: '3' } }),
    missingHolds: true,
  },
  {
    name: 'count_auth_fail',
    value: '2',
    holds: withToken({ info: { count_auth: '5', count_auth_success: '3' } }),
    fails: withToken({ info: { count_auth: '5' } }),
    missingHolds: true,
  },
  {
    name: 'last_auth',
    value: '1h',
    holds: withToken({ info: { last_auth: '2026-03-15 09:20:29.999999+00:00' } }),
    fails: withToken({ info: { last_auth: '2026-03-15 09:20:30' } }),
    missingHolds: true,
  },
  {
    name: 'tokeninfo',
    value: 'when < {now} - 7d',
    holds: withToken({ info: { when: '2026-03-08T10:19+0000' } }),
    fails: withToken({ info: { when: '2026-03-08T10:20+0000' } }),
    missingHolds: true,
  },
  {
    name: 'counter',
    value: 'logins < 3',
    holds: { counter: { logins: 2 } },
    fails: { counter: { logins: 3 } },
    missingHolds: true,
  },
  {
    name: 'counter',
    value: 'logins > 3',
    holds: { counter: { logins: 4 } },
    fails: { counter: { logins: 3 } },
    missingHolds: false,
  },
  {
    name: 'challenge_session',
    value: 'enroll',
    holds: { challenge: [challenge] },
    fails: { challenge: [expired] },
    missingHolds: true,
  },
  {
    name: 'challenge_expired',
    value: 'True',
    holds: { challenge: [expired] },
    fails: { challenge: [expired, expired] },
    missingHolds: true,
  },
  {
    name: 'container_state',
    value: 'active',
    holds: withContainer({ states: ['active', 'lost'] }),
    fails: withContainer({ states: ['lost'] }),
    missingHolds: true,
  },
  {
    name: 'container_exact_state',
    value: 'lost,active',
    holds: withContainer({ states: ['active', 'lost'] }),
    fails: withContainer({ states: ['active', 'lost', 'damaged'] }),
    missingHolds: true,
  },
  {
    name: 'container_type',
    value: 'generic',
    holds: withContainer({}),
    fails: withContainer({ type: 'Generic' }),
    missingHolds: true,
  },
  {
    name: 'container_has_owner',
    value: 'True',
    holds: withContainer({ users: [USER] }),
    fails: withContainer({}),
    missingHolds: true,
  },
  {
    name: 'container_has_token',
    value: 'False',
    holds: withContainer({}),
    fails: withContainer({ tokens: ['A'] }),
    missingHolds: true,
  },
  {
    name: 'container_realm',
    value: 'realm1',
    holds: withContainer({ realms: ['realm1'] }),
    fails: withContainer({ realms: ['realm2'] }),
    missingHolds: true,
  },
  {
    name: 'container_resolver',
    value: 'resolver1',
    holds: withContainer({ users: [USER] }),
    fails: withContainer({ users: [{ ...USER, resolver: 'r9' }] }),
    missingHolds: true,
  },
  {
    name: 'container_info',
    value: 'n > 5',
    holds: withContainer({ info: { n: '7' } }),
    fails: withContainer({}),
    missingHolds: true,
  },
  {
    name: 'container_last_authentication',
    value: '1h',
    holds: withContainer({ last_authentication: '2026-03-15T10:00:00Z' }),
    fails: withContainer({ last_authentication: '2026-03-15T09:20:30Z' }),
    missingHolds: true,
  },
  {
    name: 'container_last_synchronization',
    value: '1h',
    holds: withContainer({ last_synchronization: '2026-03-15T10:00:00Z' }),
    fails: withContainer({}),
    missingHolds: true,
  },
];

beforeAll(loadRegularExpressions);

describe('a condition', () => {
  test('has its name once and is in the table below', () => {
    const names = conditions.map(({ name }) => name);
    expect(new Set(names).size).toBe(42);
    expect(names.toSorted()).toEqual([...new Set(cases.map(({ name }) => name))].toSorted());
  });

  test.each(cases)('$name $value holds', ({ name, value, holds }) => {
    expect(verdict(name, value, { ...NOTHING, ...holds })).toMatchObject({ holds: true, known: true });
  });

  test.each(cases)('$name $value does not hold', ({ name, value, fails }) => {
    expect(verdict(name, value, { ...NOTHING, ...fails }).holds).toBe(false);
  });

  test.each(cases)('$name $value says that its fact is missing', ({ name, value, missingHolds }) => {
    expect(verdict(name, value, NOTHING)).toEqual({ holds: missingHolds, known: false, saw: null });
  });

  test.each(conditions)('$name needs in general what its values need', (condition) => {
    const value = cases.find(({ name }) => name === condition.name)?.value ?? '';
    expect(condition.parse(value).needs).toEqual(condition.needs);
  });
});

describe('a token in no realm', () => {
  test.each(['tokenrealm', 'tokenresolver'])('satisfies %s by the rule, which is no knowledge', (name) => {
    expect(verdict(name, 'realm9', { ...NOTHING, token: makeToken() })).toEqual({
      holds: true,
      known: false,
      saw: null,
    });
  });
});

describe('facts', () => {
  test('wait for what is not known yet', () => {
    const parsed = parse('token_is_orphaned', 'True');
    const { owner: _, ...withoutOwner } = NOTHING;
    expect([allKnown(parsed, NOTHING), allKnown(parsed, withoutOwner)]).toEqual([true, false]);
  });

  test('of the whole list of tokens do not hold up token_locked, which has its token', () => {
    const { user_tokens: _, ...facts } = { ...NOTHING, token: makeToken({ failcount: 10 }) };
    expect(verdict('token_locked', 'True', facts)).toMatchObject({ holds: true, known: true });
  });
});

describe('what cannot be evaluated', () => {
  test.each<{ name: string; value: string; info: Readonly<Record<string, string>>; error: string }>([
    {
      name: 'count_auth',
      value: '<5',
      info: { count_auth: 'many' },
      error: 'tokeninfo count_auth is not an integer: "many"',
    },
    {
      name: 'last_auth',
      value: '1h',
      info: { last_auth: 'yesterday' },
      error: 'info.last_auth: "yesterday" is there and cannot be read',
    },
    {
      name: 'token_validity_period',
      value: 'False',
      info: { validity_period_end: 'soon' },
      error: 'info.validity_period_end: "soon" is there and cannot be read',
    },
    { name: 'tokeninfo', value: "k '!date_within_last' 1d", info: { k: 'v' }, error: '"v" is not a date' },
    { name: 'tokeninfo', value: "k 'date_before' {now}", info: { k: '' }, error: '"" is not a date' },
  ])('$name $value of $info does not hold and says why', ({ name, value, info, error }) => {
    expect(verdict(name, value, { ...NOTHING, token: makeToken({ info }) })).toEqual({
      holds: false,
      known: true,
      failed: true,
      saw: { error },
    });
  });

  test.each([
    { response: { detail: null }, error: 'response.detail cannot be searched' },
    { response: { detail: { error: 'text' } }, error: 'response.detail.error cannot be searched' },
    { response: { detail: { error: { message: 7 } } }, error: 'response.detail.error.message cannot be searched' },
  ])('an error message in $response', ({ response, error }) => {
    expect(verdict('detail_error_message', '.*', { ...NOTHING, ...answering(response) })).toMatchObject({
      holds: false,
      saw: { error },
    });
  });

  test('a client address that is none', () => {
    expect(verdict('client_ip', '0.0.0.0/0', { ...NOTHING, ...from('localhost') })).toMatchObject({
      saw: { error: '"localhost" is not an address' },
    });
  });

  test('a fault of the program is not hidden', () => {
    const broken = {
      needs: [],
      decide: () => {
        throw new TypeError('broken');
      },
    };
    expect(() => decide(broken, NOTHING)).toThrow(TypeError);
  });
});

test("an attribute's name that every object has is not an attribute", () => {
  const facts = factsOf({ tokens: [{ serial: 'A', info: {} }], event: { request: { serial: 'A' } } });
  expect(verdict('tokeninfo', 'constructor != x', facts)).toMatchObject({ holds: false });
  expect(verdict('counter', 'toString == 0', facts)).toMatchObject({ holds: true });
});

function parse(name: string, value: string) {
  const condition = findCondition(name);
  if (!condition) throw new Error(`no condition ${name}`);
  return condition.parse(value);
}

function verdict(name: string, value: string, facts: Facts): Verdict {
  return decide(parse(name, value), facts);
}
