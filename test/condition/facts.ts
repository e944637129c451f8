/**
 * Facts as tests write them: a row of the measured vectors becomes what dispatch and the step would have
 * gathered for its event. The clock stands at 2026-03-15T10:20:30Z, the zone is UTC.
 */
import type { Facts } from '../../lib/condition/condition.ts';
import type { Challenge, Container } from '../../lib/directory/directory.ts';
import type { User, UserIdentity } from '../../lib/directory/user.ts';
import { newRecord, viewToken } from '../../lib/token/record.ts';
import type { Token } from '../../lib/token/token.ts';

export const NOW = Date.parse('2026-03-15T10:20:30Z');

/** Nobody, nothing: every fact is known, and missing. */
export const NOTHING: Facts = {
  now: NOW,
  timezone: 'UTC',
  event: { client_ip: null, logged_in_user: undefined, response: null },
  serial: null,
  user: null,
  attributes: null,
  user_tokens: null,
  user_containers: null,
  token: null,
  owner: null,
  realms: {},
  challenge: [],
  container: null,
  counter: {},
};

export const USER: User = {
  login: 'cornelius',
  realm: 'realm1',
  resolver: 'resolver1',
  uid: '1000',
  attributes: { email: 'cornelius@example.com', surname: '' },
};

/** A new token, but for what is given. */
export function makeToken(fields: Partial<Token> = {}): Token {
  return { ...viewToken(newRecord({ serial: 'HOTP01', tokentype: 'hotp' })), ...fields };
}

export function makeContainer(fields: Partial<Container> = {}): Container {
  return {
    serial: 'C1',
    type: 'generic',
    states: [],
    realms: [],
    users: [],
    tokens: [],
    info: {},
    last_authentication: null,
    last_synchronization: null,
    ...fields,
  };
}

/** The state beside an event, as the vectors and the scenario file write it. */
export interface State {
  readonly realms?: Readonly<Record<string, readonly string[]>>;
  readonly users?: readonly Readonly<Record<string, string>>[];
  readonly tokens?: readonly Partial<Token>[];
  readonly containers?: readonly Partial<Container>[];
  readonly challenges?: readonly Challenge[];
  readonly counters?: Readonly<Record<string, number>>;
  readonly event: {
    readonly client_ip?: string;
    readonly logged_in_user?: { readonly role?: string };
    readonly user?: UserIdentity;
    readonly serial?: string;
    readonly request?: {
      readonly serial?: string;
      readonly container_serial?: string;
      readonly transaction_id?: string;
    };
    readonly response?: unknown;
  };
}

/** The facts of an event, everything looked up. */
export function factsOf(state: State): Facts {
  const { event } = state;
  const tokens = (state.tokens ?? []).map(makeToken);
  const users = (state.users ?? []).map(makeUser);
  const named = users.find((user) => isSame(user, event.user)) ?? null;
  const own = tokens.filter((token) => isSame(token.user, named));
  const token =
    findToken(tokens, event) ?? (event.request?.serial === undefined && own.length === 1 ? own[0] : null) ?? null;
  const owner = users.find((user) => isSame(user, token?.user)) ?? null;
  const user = named ?? owner;
  const containers = (state.containers ?? []).map(makeContainer);
  return {
    now: NOW,
    timezone: 'UTC',
    event: {
      client_ip: event.client_ip || null,
      logged_in_user: event.logged_in_user && { role: event.logged_in_user.role ?? null },
      response: event.response ?? null,
    },
    serial: token?.serial ?? null,
    user,
    attributes: user,
    user_tokens: user && tokens.filter((each) => isSame(each.user, user)),
    user_containers: user && containers.filter((each) => each.users.some((one) => isSame(one, user))).length,
    token,
    owner,
    realms: state.realms ?? {},
    challenge: (state.challenges ?? []).filter(
      ({ serial, transaction_id }) =>
        serial === token?.serial && transaction_id === (event.request?.transaction_id ?? transaction_id),
    ),
    container:
      containers.find(({ serial }) => serial === event.request?.container_serial) ??
      containers.find((each) => token && each.tokens.includes(token.serial)) ??
      null,
    counter: state.counters ?? {},
  };
}

function findToken(tokens: readonly Token[], { request, response, serial }: State['event']): Token | undefined {
  const detail = response && typeof response === 'object' && 'detail' in response ? response.detail : null;
  const announced = detail && typeof detail === 'object' && 'serial' in detail ? detail.serial : undefined;
  const wanted = request?.serial ?? announced ?? serial;
  return tokens.find((token) => token.serial === wanted);
}

function makeUser({
  login = '',
  realm = '',
  resolver = '',
  uid = '',
  ...attributes
}: Readonly<Record<string, string>>): User {
  return { login, realm, resolver, uid, attributes };
}

function isSame(one: UserIdentity | null, other: UserIdentity | null | undefined): boolean {
  return !!one && !!other && one.resolver === other.resolver && one.uid === other.uid;
}
