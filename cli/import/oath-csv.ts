/**
 * Reads OATH CSV, with which vendors ship hardware tokens: `serial, key, type, otplen, timestep or counter`, of which only
 * the first two are required. After a first line `# version: 2` the columns `user, resolver, realm` come before these, as in
 * privacyIDEA. In privacyIDEA's export the owner is the first column. A sixth column, an extension of ours, names the hash;
 * without it, the length of the key determines the hash.
 */
import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import * as z from 'zod/mini';
import { TokenwrightError } from '../../lib/base/error.ts';
import { badRow, DELIVERED, type NamedOwner, type Row, type Rows, toRow } from './row.ts';

const CsvRecord = z.object({ record: z.array(z.string()), info: z.looseObject({ lines: z.int() }) });
const HASH_OF_LENGTH: Readonly<{ [length: number]: string }> = { 64: 'sha256', 128: 'sha512' };

/** Reads the rows of a CSV file. A line that cannot be read is a faulty row with its line number. */
export function oathCsv(source: string): Rows {
  const withUsers = /^\s*#\s*version:\s*2\b/.test(source);
  return async function* rows() {
    const faults = new Map<unknown, CsvError>();
    const options = {
      comment: '#',
      comment_no_infix: true,
      trim: true,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
      skip_records_with_error: true,
      on_skip: (error: CsvError | undefined) => void (error && faults.set(error.lines, error)),
    };
    let first = true;
    for await (const read of Readable.from([source]).pipe(parse(options))) {
      const { record, info } = CsvRecord.parse(read);
      if (!(first && isHeader(record))) yield rowOf(`line ${info.lines}`, record, withUsers);
      first = false;
    }
    for (const [line, error] of faults) {
      yield badRow(`line ${line}`, new TokenwrightError('bad_file', brokenBy(error)));
    }
  };
}

/** Describes a fault of the CSV. The message of the parser is not used, because it quotes the line. */
function brokenBy({ code }: CsvError): string {
  const what = code.replace(/^CSV_/, '').replaceAll('_', ' ').toLowerCase();
  return `is not CSV (${what})`;
}

/** Tells whether a line is a header: a column has a name that cannot be a key. */
function isHeader(record: readonly string[]): boolean {
  return record.some((cell) => /^(serial( ?(no|number))?|seed|secret|otpkey|key)$/i.test(cell));
}

function rowOf(at: string, record: readonly string[], withUsers: boolean): Row {
  try {
    if (isExport(record)) return exportedRow(at, record);
    if (!withUsers) return toRow(at, tokenOf(record));
    const [login = '', , realm = '', ...columns] = record;
    const owner: NamedOwner | undefined = login === '' ? undefined : { login, realm };
    return toRow(at, tokenOf(columns), owner);
  } catch (error) {
    return badRow(at, error);
  }
}

/**
 * Tells whether a line is `owner, serial, key, type, otplen, timestep`, from `pi-tokenjanitor find export --format
 * csv`.
 */
function isExport([owner = '', , otpkey = '', type = '']: readonly string[]): boolean {
  return /^(n\/a|.+@.*)$/i.test(owner) && /^(hotp|totp)$/i.test(type) && /^([0-9a-f]{2})+$/i.test(otpkey);
}

function exportedRow(at: string, [owner = '', ...columns]: readonly string[]): Row {
  if (columns[2]?.toLowerCase() === 'hotp') {
    throw badToken('counter', "is not in this export, so used passwords would be accepted again; export as 'pi'");
  }
  const split = owner.lastIndexOf('@');
  return toRow(
    at,
    tokenOf(columns),
    split < 0 ? undefined : { login: owner.slice(0, split), realm: owner.slice(split + 1) },
  );
}

function tokenOf(columns: readonly string[]) {
  const [serial = '', otpkey = '', type = '', otplen = '', fifth = '', hash = '', ...others] = columns;
  if (otpkey === '') throw badToken('otpkey', 'is required (hexadecimal)');
  const tokentype = type.toLowerCase() || 'hotp';
  if (tokentype !== 'hotp' && tokentype !== 'totp') {
    throw badToken('type', 'cannot be imported from a list of keys', ['hotp', 'totp']);
  }
  if (others.some((cell) => cell !== '')) throw badToken('column 7', 'is one too many', ['six columns']);
  const info = {
    ...DELIVERED.info,
    hashlib: hash === '' ? (HASH_OF_LENGTH[otpkey.length] ?? 'sha1') : oneOf('hashlib', hash.toLowerCase(), HASHES),
    ...(tokentype === 'totp' ? { timeStep: oneOf('timestep', fifth || '30', ['30', '60']) } : {}),
  };
  const digits = Number(oneOf('otplen', otplen || '6', ['6', '8']));
  return {
    ...DELIVERED,
    serial,
    tokentype,
    otpkey,
    otplen: digits,
    count: tokentype === 'hotp' ? counter(fifth) : 0,
    info,
  };
}

/** Reads a counter. As in `oneOf`, an error does not quote the value. */
function counter(given: string): number {
  if (/^[0-9]{0,15}$/.test(given)) return Number(given);
  throw badToken('counter', 'is not a whole number', ['digits']);
}

const HASHES = ['sha1', 'sha256', 'sha512'];

/** Checks a value against a list. The error does not quote it: in a file with other columns it may be a key. */
function oneOf(path: string, given: string, allowed: readonly string[]): string {
  if (allowed.includes(given)) return given;
  throw badToken(path, 'is not one of the allowed values', allowed);
}

function badToken(path: string, message: string, allowed?: readonly string[]): TokenwrightError {
  return new TokenwrightError('bad_token', message, allowed ? { path, allowed } : { path });
}
