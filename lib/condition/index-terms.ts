/**
 * The fields by which definitions are indexed, and the terms that stand for their values. An event has one term for each
 * field; a condition on a field has the terms with which it can hold. Definitions are found by term, so those that cannot
 * match cost nothing. A missing value has a term too. An address has a term for each network of whole bytes that contains
 * it; a condition has the smallest such network around each of its networks.
 */

import { isObject } from '../base/object.ts';
import { countsAsTrue } from './scalar.ts';

/** The fields of the index. Those that separate definitions best come first. */
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

/** The fields of which an event has several terms, so that two different terms may both hold. */
export const NESTED_FIELDS: readonly TermField[] = ['client_ip'];

/** Computes the terms of an event for a field; `undefined` if they are known only from the directory or the token. */
export type EventTerms = (field: TermField) => readonly string[] | undefined;

/** The term of a missing value. No value has the same term. */
export const NO_TERM = '';

/** Makes the term of a text, also of an empty one. */
export const term = (text: string): string => `=${text}`;

/** Makes the term of a value of the response that is read as true or false. */
export const truthTerm = (value: unknown): string =>
  value === undefined ? NO_TERM : term(String(countsAsTrue(value)));

/** Reads a value of an event's `response` at a path of keys; `undefined` if any part is missing. */
export function readResponse(response: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    response,
  );
}
