/** Detects the format of a file of tokens, and reads it. */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../lib/base/error.ts';
import { directoryItems, ImportedDirectory } from '../../lib/directory/import.ts';
import { parse } from '../../lib/schema/validate.ts';
import { parseDocument } from '../input/read-file.ts';
import { FERNET, openFernet } from './fernet.ts';
import { oathCsv } from './oath-csv.ts';
import { isPrivacyideaExport, privacyidea } from './privacyidea.ts';
import { pskc } from './pskc.ts';
import { type Rows, toRow } from './row.ts';

export const FORMATS = ['tokenwright', 'pskc', 'csv', 'privacyidea'] as const;
export type Format = (typeof FORMATS)[number];

export interface TokenFile {
  readonly format: Format;
  readonly rows: Rows;
  /** Directory items, such as users, realms and token groups; only in a file of our own format. */
  readonly directory: readonly Record<string, unknown>[];
  readonly users: number;
}

/**
 * Reads a file.
 *
 * @param format undefined: detected from the contents
 * @param secret the contents of --key-file
 * @throws TokenwrightError `bad_file`, `bad_key`; Refusal with every fault outside of the tokens
 */
export async function readTokenFile(
  name: string,
  source: string,
  format: Format | undefined,
  secret: string | undefined,
): Promise<TokenFile> {
  const found = format ?? guess(source);
  if (found === 'pskc') return { format: found, rows: pskc(source, secret), directory: [], users: 0 };
  if (found === 'csv') return { format: found, rows: oathCsv(source), directory: [], users: 0 };
  const document = await parseDocument(name, FERNET.test(source) ? openFernet(source, secret) : source);
  if (found === 'privacyidea' || (format === undefined && isPrivacyideaExport(document))) {
    if (!Array.isArray(document)) throw new TokenwrightError('bad_file', 'is not a list of tokens');
    return { format: 'privacyidea', rows: privacyidea(document), directory: [], users: 0 };
  }
  return ours(document);
}

/** Guesses the format: XML begins with an angle bracket; a line of CSV has commas, and no bracket or colon as JSON and YAML. */
function guess(source: string): Format | undefined {
  if (/^\uFEFF?\s*</.test(source)) return 'pskc';
  const [line = ''] = source.split('\n', 200).filter((one) => one.trim() !== '' && !one.trim().startsWith('#'));
  return /^\uFEFF?[^,:{}[\]]+,[^:{}[\]]+$/.test(line) ? 'csv' : undefined;
}

const File = z.strictObject({ ...ImportedDirectory, tokens: z.optional(z.array(z.unknown())) });

function ours(document: unknown): TokenFile {
  const { tokens = [], ...directory } = parse(
    File,
    Array.isArray(document) ? { tokens: document } : document,
    'bad_token',
  );
  return {
    format: 'tokenwright',
    rows: async function* rows() {
      for (const [i, given] of tokens.entries()) yield toRow(`tokens[${i}]`, given);
    },
    directory: directoryItems(directory),
    users: directory.users?.length ?? 0,
  };
}
