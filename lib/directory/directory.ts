/**
 * The interface to users, realms, resolvers, token groups and containers. DynamoDB is its first implementation; LDAP, SCIM
 * or Cognito can be others.
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
  /** Finds the user that an event names; `null` if there is none. */
  findUser(reference: UserReference): Promise<User | null>;
  /** Reads the entry of a token's owner; `null` if it is no longer there. */
  ownerEntry(owner: UserIdentity): Promise<User | null>;
  /** Reads all realms with their resolvers. */
  realms(): Promise<Readonly<Record<string, readonly string[]>>>;
  hasTokengroup(name: string): Promise<boolean>;
  container(serial: string): Promise<Container | null>;
  containerOfToken(serial: string): Promise<Container | null>;
  countContainers(user: Pick<UserIdentity, 'resolver' | 'uid'>): Promise<number>;
  /** Reads the challenges of a token, or only those of a transaction. */
  challenges(serial: string, transaction: string | null): Promise<readonly Challenge[]>;
  counters(): Promise<Readonly<Record<string, number>>>;
}
