/**
 * The stack that permissions.test.ts runs the functions on: each action has a `pre` and a `post` definition with every
 * condition that reads something, and tokens of its own, so that all that a function may read and write is used.
 */
import { actions, findAction } from '../../lib/action/catalogue.ts';
import { AT_THE_DOOR } from './http-calls.ts';

/** Options beside those of the action's example, so that it reads all that it may read. */
const MORE_OPTIONS: Readonly<Record<string, object>> = { enroll: { user: true, container: true } };

/** Conditions that the step decides. All of them hold, so that all that they need is read. */
const OF_THE_STEP = {
  tokenresolver: 'resolver1',
  token_is_orphaned: 'False',
  token_is_in_container: 'True',
  container_type: 'generic',
  user_info: 'department == sales',
  user_token_number: '>0',
  user_container_number: '>0',
};
/** Conditions for which dispatch reads something. */
const OF_DISPATCH = { counter: 'logins>0', challenge_session: 'enroll' };

const USER = { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' };
export const NAMES = actions.map(({ name }) => name);
const optionsOf = (name: string) => ({ ...findAction(name)?.example, ...MORE_OPTIONS[name] });
export const kebab = (name: string): string => name.replaceAll(' ', '-');
export const eventOf = (name: string): string => name.replaceAll(' ', '_');
export const serialOf = (name: string): string => `T-${kebab(name)}`;

const definitionOf = (name: string, position: 'pre' | 'post', id: number) => ({
  id,
  name,
  position,
  event: [eventOf(name)],
  action: name,
  options: optionsOf(name),
  conditions: { ...OF_THE_STEP, ...OF_DISPATCH },
});

function challengeOf(serial: string, transaction_id: string) {
  return { serial, transaction_id, session: 'enrollment', expires: '2026-03-16T10:20:30Z' };
}

/** Events of the front door; their `pre` definitions together do all that such definitions may. */
const AT_DOOR = { event: ['validate_check', 'token_list', 'token_init'], position: 'pre' };

export const SCENARIO = {
  realms: { realm1: ['resolver1'] },
  tokengroups: ['g1'],
  counters: { logins: 3 },
  users: [
    { ...USER, department: 'sales' },
    { ...USER, login: 'hans', uid: '1001' },
    { ...AT_THE_DOOR.user, department: 'sales' },
  ],
  default_realm: 'realm1',
  admins: [AT_THE_DOOR.admin],
  tokens: [
    ...['hotp', 'sms', 'email'].map((tokentype) => ({
      serial: tokentype === 'hotp' ? 'DOOR' : `DOOR-${tokentype}`,
      tokentype,
      otpkey: AT_THE_DOOR.otpkey,
      user: AT_THE_DOOR.user,
      info: { hashlib: 'sha1', phone: '+49 111', email: 'dora@example.com' },
    })),
    { serial: 'DOOR-spass', tokentype: 'spass', user: AT_THE_DOOR.user },
    ...NAMES.map((name) => ({ serial: serialOf(name), tokentype: 'hotp', user: USER })),
    ...NAMES.map((name) => ({ serial: `${serialOf(name)}-pre`, tokentype: 'hotp', user: USER })),
    ...['GONE', 'GONE-pre'].map((serial) => ({ serial, tokentype: 'spass' })),
    { serial: 'ONLY', tokentype: 'hotp', user: { ...USER, login: 'hans', uid: '1001' } },
  ],
  containers: [
    {
      serial: 'C1',
      type: 'generic',
      users: [USER, AT_THE_DOOR.user],
      tokens: ['DOOR', 'DOOR-spass', ...NAMES.flatMap((name) => [serialOf(name), `${serialOf(name)}-pre`])],
    },
  ],
  challenges: [
    ...NAMES.flatMap((name) => [challengeOf(serialOf(name), '1'), challengeOf(`${serialOf(name)}-pre`, '1')]),
    ...['DOOR', 'DOOR-spass'].flatMap((serial) => [challengeOf(serial, '42'), challengeOf(serial, '43')]),
  ],
  definitions: [
    ...NAMES.map((name, i) => definitionOf(name, 'post', i + 1)),
    ...NAMES.map((name, i) => definitionOf(name, 'pre', i + 101)),
    { id: 300, name: 'what comes next', event: NAMES.map(eventOf), ordering: 1, action: 'disable' },
    { id: 301, name: 'one more', event: 'enroll', ordering: 1, action: 'enroll', options: { tokentype: 'spass' } },
    { id: 302, name: 'gone', event: 'gone', action: 'delete' },
    {
      id: 303,
      name: 'born again',
      event: ['born_again'],
      action: 'enroll',
      options: { tokentype: 'spass', additional_params: { serial: 'GONE' } },
    },
    {
      id: 304,
      name: 'born again before',
      event: ['born_again'],
      position: 'pre',
      action: 'enroll',
      options: { tokentype: 'spass', additional_params: { serial: 'GONE-pre' } },
    },
    { id: 201, name: 'all of hers', event: 'leaving', action: 'unassign', target: 'user' },
    { id: 202, name: 'before all of hers', event: 'leaving', position: 'pre', action: 'unassign', target: 'user' },
    { id: 203, name: 'in a container', event: 'named', action: 'disable', conditions: { container_type: 'generic' } },
    ...(['unassigned', 'disabled'] as const).map((target, i) => {
      const conditions = { serial: 'nobody' };
      return { id: 401 + i, name: target, event: target, action: 'enable', target, confirm: true, conditions };
    }),
    { ...definitionOf('enroll', 'pre', 501), ...AT_DOOR, name: 'a token at the door' },
    { id: 502, name: 'count at the door', ...AT_DOOR, action: 'increase tokeninfo', options: { key: 'seen' } },
    {
      id: 503,
      name: 'all at the door',
      ...AT_DOOR,
      action: 'set description',
      options: { description: 'seen' },
      target: 'user',
    },
    { id: 204, name: 'count', event: 'none', action: 'disable', conditions: { token_locked: 'False' } },
  ],
};

/** An auth event. @param detail with `position` where it is a `pre` one */
export function event(name: string, detail: object, id = `${name}-1`) {
  const position = 'position' in detail ? detail.position : 'post';
  const all = { id: `${id}-${position}`, ...detail };
  return { id, source: 'test', 'detail-type': name, time: '2026-03-15T10:20:30Z', detail: all };
}
