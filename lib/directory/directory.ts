/**
 * Where users, realms, resolvers and token groups come from. One interface; the DynamoDB-backed one is
 * the first, LDAP, SCIM or Cognito come behind the same.
 */
import type { User, UserIdentity, UserReference } from './user.ts';

export interface Challenge {
  readonly serial: string;
  readonly transaction_id: string;
  readonly session: string;
  /** ISO 8601. */
  readonly expires: string;
}

export interface Container {
  readonly serial: string;
  readonly type: string;
  readonly states: readonly string[];
  readonly realms: readonly string[];
  readonly users: readonly UserIdentity[];
  readonly tokens: readonly string[];
  readonly info: Readonly<Record<string, string>>;
  readonly last_authentication: string | null;
  readonly last_synchronization: string | null;
}

export interface Directory {
  /** The user an event names; `null` where the directory knows nobody like that. */
  findUser(reference: UserReference): Promise<User | null>;
  /** The present entry of a token's owner; `null`: no longer there. */
  ownerEntry(owner: UserIdentity): Promise<User | null>;
  /** Every realm with its resolvers. */
  realms(): Promise<Readonly<Record<string, readonly string[]>>>;
  hasTokengroup(name: string): Promise<boolean>;
  container(serial: string): Promise<Container | null>;
  containerOfToken(serial: string): Promise<Container | null>;
  countContainers(user: Pick<UserIdentity, 'resolver' | 'uid'>): Promise<number>;
  /** The token's challenges, those of one transaction where it is given. */
  challenges(serial: string, transaction: string | null): Promise<readonly Challenge[]>;
  counters(): Promise<Readonly<Record<string, number>>>;
}
