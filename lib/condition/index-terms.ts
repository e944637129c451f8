/**
 * Facets: what an event says in a word (who is logged in, how the authentication ended, whose realm). A condition
 * on a facet names the words with which it can hold, so definitions are found by these words, as in a dictionary,
 * and those that cannot match cost nothing. A word that is missing is a word too. An address says a word for each
 * network of whole bytes that it is in, and a condition the smallest of these around each of its own.
 */
import { countsAsTrue } from './truth.ts';

/** Those first that tell definitions apart best. */
export const FACETS = [
  'realm',
  'resolver',
  'client_ip',
  'result_authentication',
  'result_value',
  'result_status',
  'logged_in_user',
] as const;
export type Facet = (typeof FACETS)[number];

/** Those of which an event says one word for each network that it is in, so that two different words may both hold. */
export const NESTED_FACETS: readonly Facet[] = ['client_ip'];

/** The words that an event may turn out to say; absent where only the directory or the token tells. */
export type EventWords = Readonly<Partial<Record<Facet, readonly string[]>>>;

/** What stands for a word that the event does not say. No word of an event is like it. */
export const NO_WORD = '';

/** A text as a word, `""` among them. */
export const word = (text: string): string => `=${text}`;

/** A response's value as a condition on truth reads it. */
export const truthWord = (value: unknown): string =>
  value === undefined ? NO_WORD : word(String(countsAsTrue(value)));
