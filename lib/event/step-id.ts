/**
 * Computes step ids. An id is the same for every delivery of a step, which makes its effect exactly-once. Events that
 * differ in source, name, user or tokens are different, even with the same id. Each part is hashed with its length before
 * it, so that no two steps share an id.
 */
import { hash } from 'node:crypto';
import { isObject } from '../base/object.ts';
import type { UserReference } from '../directory/user.ts';
import type { AuthEvent, Position } from './auth-event.ts';

/** The fields that identify an event, as the event states them, never as they were looked up. */
export type EventIdentity = Pick<AuthEvent, 'source' | 'caller' | 'id' | 'name' | 'position' | 'user' | 'serials'>;

/** A definition's id, or, without a definition, action and options. */
export type Cause = { readonly definition: number } | { readonly action: string; readonly options: unknown };

/** The key under which all data of an event is stored: the version of the formula, and SHA-256 as hex. */
export type EventKey = `2:${string}`;

/** Caches the last key: planning an event asks for it for every slip and outcome. */
let last: { readonly event: EventIdentity; readonly key: EventKey } | undefined;

/** Computes the key of an event. */
export function eventKey(event: EventIdentity): EventKey {
  if (last?.event !== event) last = { event, key: computeKey(event) };
  return last.key;
}

function computeKey({ source, caller = '', id, name, position, user, serials }: EventIdentity): EventKey {
  const sorted = serials.map((serial) => serial.normalize('NFC')).sort();
  return `2:${hashOf([source, caller, id, name, position, ...userParts(user), ...sorted])}`;
}

/** Returns four parts. The realm is compared without regard to case, as in the directory. */
function userParts(user: UserReference | null): string[] {
  const { login = '', realm = '', resolver = '', uid = '' } = user ?? {};
  return [login, realm.toLowerCase(), resolver, uid].map((part) => part.normalize('NFC'));
}

/**
 * Computes a step's id, SHA-256 as hex.
 *
 * @param serial `null` if there is no token, or the action creates one
 */
export function stepId(event: EventKey, cause: Cause, serial: string | null): string {
  return hashOf([event, ...causeParts(cause), serial ?? '']);
}

const WEEK = 7 * 86_400_000;

/**
 * Names what a step's secrets and serial are derived from: its id and the week of its event. So an id that is used again
 * when the token, and its tombstone after 30 days, are gone, brings back neither serial nor seed.
 */
export function derivationId(stepId: string, time: number): string {
  return `${stepId}@${Math.floor(time / WEEK)}`;
}

/** The event of a slip from a release whose step ids did not depend on the event's name, user and serials. */
export interface FormerIdentity {
  readonly source: string;
  readonly id: string;
  readonly position: Position;
}

/** Computes a step's id as that release did. Slips that it has put are finished by it. */
export function formerStepId({ source, id, position }: FormerIdentity, cause: Cause, serial: string | null): string {
  return hashOf([source, id, position, ...causeParts(cause), serial ?? '']);
}

function causeParts(cause: Cause): string[] {
  return 'definition' in cause ? [String(cause.definition)] : [cause.action, canonicalJson(cause.options)];
}

function hashOf(parts: readonly string[]): string {
  return hash('sha256', parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''));
}

/** Writes JSON with sorted keys, so that equal options give equal texts. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}
