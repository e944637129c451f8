/**
 * test/condition proves that every condition holds, fails and treats a missing fact as the manual says.
 *
 * Every condition with a case that holds, one that does not, and one where its fact is missing.
 */
import type { Facts } from '../../lib/condition/condition.ts';
import { makeContainer, makeToken, NOTHING, USER } from './facts.ts';

interface Case {
  readonly name: string;
  readonly value: string;
  readonly holds: Partial<Facts>;
  readonly fails: Partial<Facts>;
  /** What `NOTHING` decides; most conditions hold then. */
  readonly missingHolds: boolean;
}

export const answering = (response: unknown): Partial<Facts> => ({ event: { ...NOTHING.event, response } });
const withRole = (role: string | null): Partial<Facts> => ({ event: { ...NOTHING.event, logged_in_user: { role } } });
export const from = (client_ip: string): Partial<Facts> => ({ event: { ...NOTHING.event, client_ip } });
const withToken = (fields: Parameters<typeof makeToken>[0]): Partial<Facts> => ({ token: makeToken(fields) });
const withContainer = (fields: Parameters<typeof makeContainer>[0]): Partial<Facts> => ({
  container: makeContainer(fields),
});
const challenge = { serial: 'HOTP01', transaction_id: 'T1', session: 'enrollment', expires: '2026-03-15T10:25:30Z' };
const expired = { ...challenge, session: 'x', expires: '2026-03-15T10:15:30Z' };
const free = { serial: 'A', failcount: 0, maxfail: 10 };
const owned = { user: { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' } };

export const cases: readonly Case[] = [
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
