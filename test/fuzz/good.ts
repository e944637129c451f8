/** Valid values, of which the fuzzing makes hostile variants. */
import { actions, findAction } from '../../lib/action/catalogue.ts';
import { cases } from '../condition/cases.ts';

/** The value of every secret; hexadecimal, so that it can be a key. */
export const SECRET = 'decade0fdecade0fdecade0fdecade0fdecade0f';

/** Matches any ten characters of the secret, since an error of the JSON parser quotes ten characters. */
export const PART_OF_SECRET = /cade0f|0fdeca/;

export const USER = { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' };

/** Options that are not in the example of an action, or are secrets. */
const MORE_OPTIONS: Readonly<Record<string, object>> = {
  'set tokenrealm': { only_realm: '1' },
  enroll: { tokentype: 'totp', user: '1', additional_params: { genkey: 0, otpkey: SECRET, otplen: 8, timeStep: 60 } },
  'set description': { description: 'at {current_time} from {client_ip} by {ua_string}' },
  'set validity': { 'valid from': '+0m' },
  'set tokeninfo': { key: 'last.seen', value: '{now}+1h' },
  'increase tokeninfo': { key: 'rejects', increment: '1' },
  'delete tokeninfo': { key: 'rejects' },
  'set random pin': { length: '6' },
  'attach application': { application: 'luks', 'machine ID': 'host1', slot: '1' },
};

/** Returns valid options of an action. */
export function optionsOf(name: string): Readonly<Record<string, unknown>> {
  return { ...findAction(name)?.example, ...MORE_OPTIONS[name] };
}

/** Every condition with a value that holds, so that all of them are evaluated. */
const CONDITIONS = {
  ...Object.fromEntries(cases.map(({ name, value }) => [name, value])),
  logged_in_user: 'admin',
  result_value: 'False',
  result_status: 'True',
  result_authentication: 'REJECT',
  detail_message: 'wrong.*pin',
  detail_error_message: '.*',
  client_ip: '10.0.0.0/8, -10.1.0.0/16',
  realm: 'realm1,realm2',
  resolver: 'resolver1',
  user_info: 'mobile == 1',
  user_token_number: '<300',
  user_container_number: '<3',
  tokentype: 'totp,hotp',
  tokenrealm: 'realm1',
  tokenresolver: 'resolver1',
  serial: '^T',
  rollout_state: 'enrolled',
  token_locked: 'False',
  token_has_owner: 'True',
  token_is_orphaned: 'False',
  token_is_in_container: 'True',
  token_validity_period: 'True',
  last_auth: '7d',
  tokeninfo: 'rejects < 5',
  counter: 'failed > 1',
  challenge_session: 'enrollment',
  challenge_expired: 'False',
  container_state: 'active',
  container_exact_state: 'active',
  container_type: 'smartphone',
  container_has_owner: 'True',
  container_has_token: 'True',
  container_realm: 'realm1',
  container_resolver: 'resolver1',
  container_info: 'key == value',
  container_last_authentication: '1h',
  container_last_synchronization: '1h',
};

/** A definition for each action, and one with every condition. */
export const DEFINITIONS = [
  ...actions.map(({ name }, i) => ({
    id: i + 1,
    name,
    event: name.replaceAll(' ', '_'),
    action: name,
    options: optionsOf(name),
  })),
  {
    id: 50,
    name: 'judges',
    event: ['validate_check', 'auth'],
    action: 'set tokeninfo',
    options: { key: 'judged', value: '{now}' },
    conditions: CONDITIONS,
    unless: { tokeninfo: 'rejects > 50' },
    when_missing: 'hold',
    abort_on_error: true,
    ordering: 2,
    target: 'current',
  },
  {
    id: 51,
    name: 'before',
    event: 'validate_check',
    position: 'pre',
    action: 'increase tokeninfo',
    options: { key: 'n', increment: 1 },
  },
];

const CONTAINER = {
  serial: 'C1',
  type: 'smartphone',
  states: ['active'],
  realms: ['realm1'],
  users: [USER],
  tokens: ['T1'],
  info: { key: 'value' },
  last_authentication: '2026-03-15T10:20:00Z',
  last_synchronization: '2026-03-15T10:20:00Z',
};

/** An auth event with data for every condition. */
export const EVENT = {
  id: 'e1',
  source: 'privacyidea',
  'detail-type': 'validate_check',
  time: '2026-03-15T10:20:30Z',
  detail: {
    id: 'd1',
    position: 'post',
    occurred_at: '2026-03-15T10:20:30.250Z',
    client_ip: '10.0.0.1',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
    logged_in_user: { username: 'admin', realm: '', role: 'admin' },
    user: USER,
    serial: 'T1',
    pass: SECRET,
    request: { serial: 'T1', transaction_id: '1', container_serial: 'C1', pin: SECRET, otppin: [SECRET] },
    response: {
      result: { status: true, value: false, authentication: 'REJECT' },
      detail: { serial: 'T1', message: 'wrong otp pin', error: { message: 'no' }, googleurl: { value: SECRET } },
    },
    challenge: [{ serial: 'T1', transaction_id: '1', session: 'enrollment', expires: '2026-03-15T10:25:30Z' }],
    container: CONTAINER,
    counters: { failed: 3 },
  },
};

export const SCENARIO = {
  timezone: 'Europe/Berlin',
  realms: { realm1: ['resolver1'] },
  users: [{ ...USER, mobile: '1', email: 'a@example.com' }],
  tokengroups: ['g1'],
  tokens: ['T1', ...actions.map((_, i) => `T-${i}`)].map((serial) => ({
    serial,
    tokentype: 'hotp',
    user: USER,
    realms: ['realm1'],
    tokengroups: ['g1'],
    failcount: 1,
    otpkey: SECRET,
    info: { rejects: '1', last_auth: '2026-03-01 10:20:30.000000+0000' },
  })),
  containers: [CONTAINER],
  challenges: [{ serial: 'T1', transaction_id: '2', session: '', expires: '2026-03-15T10:25:30Z' }],
  counters: { failed: 3 },
  definitions: DEFINITIONS,
  events: [EVENT],
};
