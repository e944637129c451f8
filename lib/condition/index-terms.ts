/**
 * Defines the fields by which definitions are indexed (who is logged in, how the authentication ended, whose realm) and
 * the terms that stand for their values. An event gives one term for each field; a condition on a field gives the terms
 * with which it can hold. So definitions are looked up by term, and those that cannot match cost nothing. A missing
 * value is a term too. An address gives one term for each network of whole bytes that it is in, and a condition gives
 * the smallest such network around each of its own.
 */

import { isObject } from '../base/object.ts';
import { countsAsTrue } from './scalar.ts';

/** Those first that tell definitions apart best. */
export const TERM_FIELDS = [
  'realm',
  'resolver',
  'client_ip',
  'result_authentication',
  'result_value',
  'result_status',
  'logged_in_user',
] as const;
export type TermField = (typeof TERM_FIELDS)[number];

/** Those of which an event says one term for each network that it is in, so that two different terms may both hold. */
export const NESTED_FIELDS: readonly TermField[] = ['client_ip'];

/** The terms that an event may turn out to say; absent where only the directory or the token tells. */
export type EventTerms = Readonly<Partial<Record<TermField, readonly string[]>>>;

/** What stands for a term that the event does not say. No term of an event is like it. */
export const NO_TERM = '';

/** A text as a term, `""` among them. */
export const term = (text: string): string => `=${text}`;

/** A response's value as a condition on truth reads it. */
export const truthTerm = (value: unknown): string =>
  value === undefined ? NO_TERM : term(String(countsAsTrue(value)));

/** The value at a path of keys. */
export function readResponse(response: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    response,
  );
}
