/**
 * A row of a file of tokens of any format: one token, with its place in the file. Rows are read twice, to check and to write,
 * so that the tokens of a long file are never all in memory.
 */
import { TokenwrightError } from '../../lib/base/error.ts';
import { check } from '../../lib/schema/validate.ts';
import { ImportedToken, storedFaults } from '../../lib/tokentype/imported-token.ts';

export type Row =
  | { readonly ok: true; readonly at: string; readonly token: ImportedToken; readonly owner?: NamedOwner }
  | { readonly ok: false; readonly errors: readonly TokenwrightError[] };

/** An owner as other systems name it; resolver and uid are looked up in the directory. */
export interface NamedOwner {
  readonly login: string;
  readonly realm: string;
}

/** Reads the rows of a file; may be called more than once. */
export type Rows = () => AsyncIterable<Row>;

/** Checks a token of a file. @param at its place, such as `line 7` or `tokens[6]` */
export function toRow(at: string, given: unknown, owner?: NamedOwner): Row {
  const parsed = check(ImportedToken, given, 'bad_token');
  if (!parsed.ok) return { ok: false, errors: parsed.errors.map((error) => error.under(at)) };
  const faults = storedFaults(parsed.value);
  if (faults.length > 0) return { ok: false, errors: faults.map((error) => error.under(at)) };
  return { ok: true, at, token: parsed.value, ...(owner ? { owner } : {}) };
}

/** Makes a faulty row of an error. @param at its place @throws any error that is not a TokenwrightError */
export function badRow(at: string, error: unknown): Row {
  if (!(error instanceof TokenwrightError)) throw error;
  return { ok: false, errors: [error.under(at)] };
}

/** Fields of tokens from a vendor's file; privacyIDEA sets the same ones. */
export const DELIVERED = { description: 'imported', info: { tokenkind: 'hardware' } };
