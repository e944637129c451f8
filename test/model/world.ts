/**
 * A world of the model: tokens, definitions, events in rounds, and faults. All events of a round are put at once; a round
 * begins when everything of the previous one is finished.
 */

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
  readonly target: 'current' | 'user' | 'disabled' | 'unassigned';
  /** The state, for a target of every token in it. */
  readonly confirm?: true;
  readonly position?: 'pre';
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
  /** The attempts of the SDK. */
  readonly attempts: '1' | '2';
  /** Whether events are put on the bus, or posted one by one to `/pre` by a caller that waits for the outcomes. */
  readonly way: 'bus' | 'pre';
}
