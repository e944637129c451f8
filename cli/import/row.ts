/**
 * What a file of tokens is made of, whatever its format: one row a token, each with its place in the file. Rows are
 * read twice, once to check and once to write, so that a long file is never held as tokens.
 */
import { TokenwrightError } from '../../lib/base/error.ts';
import { check } from '../../lib/schema/validate.ts';
import { ImportedToken, storedFaults } from '../../lib/tokentype/imported-token.ts';

export type Row =
  | { readonly ok: true; readonly at: string; readonly token: ImportedToken; readonly owner?: NamedOwner }
  | { readonly ok: false; readonly errors: readonly TokenwrightError[] };

/** An owner as other systems name him; resolver and uid are the directory's to say. */
export interface NamedOwner {
  readonly login: string;
  readonly realm: string;
}

/** The tokens of a file, as often as they are asked for. */
export type Rows = () => AsyncIterable<Row>;

/** A row of a token as it was found. @param at `line 7`, or `tokens[6]` */
export function toRow(at: string, given: unknown, owner?: NamedOwner): Row {
  const parsed = check(ImportedToken, given, 'bad_token');
  if (!parsed.ok) return { ok: false, errors: parsed.errors.map((error) => error.under(at)) };
  const faults = storedFaults(parsed.value);
  if (faults.length > 0) return { ok: false, errors: faults.map((error) => error.under(at)) };
  return { ok: true, at, token: parsed.value, ...(owner ? { owner } : {}) };
}

export function badRow(at: string, error: unknown): Row {
  if (!(error instanceof TokenwrightError)) throw error;
  return { ok: false, errors: [error.under(at)] };
}

/** What tokens that come in files have in common with privacyIDEA's: they are things, and somebody delivered them. */
export const DELIVERED = { description: 'imported', info: { tokenkind: 'hardware' } };
