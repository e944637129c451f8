/**
 * Reads a flat dictionary from a text: JSON, or simple YAML in one line (`{type: totp}`) or with one pair per line; with
 * typographic quotes too, because the manual prints them. Values stay texts: a YAML parser would turn the key `12e4` into
 * 120000 and `0012` into 12.
 */
import { TokenwrightError } from '../base/error.ts';
import { isRecord } from '../base/object.ts';
import { parseJson } from './json.ts';

/** The closing quotes by the opening one. The German closing quote is the English opening one. */
const CLOSING: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”“',
  '„': '“”',
  '‘': '’',
  '‚': '‘’',
  '”': '”',
  '’': '’',
};
const FORMS = 'a dictionary such as {"hashlib": "sha256"}, {hashlib: sha256}, or one "name: value" per line';

/** Reads a dictionary. @throws TokenwrightError `bad_option` if the text is not a flat dictionary */
export function parseFlatMap(text: string): Readonly<Record<string, unknown>> {
  const json = readJson(text);
  if (json !== undefined) return json;
  const [, inner] = /^\s*\{(.*)\}\s*$/s.exec(text) ?? [];
  const pairs = inner === undefined ? linesOf(text) : splitOutsideQuotes(inner, ',', text);
  const entries = pairs.filter((pair) => pair.trim() !== '').map((pair) => readPair(pair, text));
  if (entries.length === 0 && inner === undefined) throw notFlat();
  const names = entries.map(([name]) => name);
  if (new Set(names).size < names.length) throw notFlat('a name is given twice');
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

function readJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseJson(text);
    return isRecord(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => !/^\s*(#|---\s*$)/.test(line));
}

/** Reads one pair. YAML requires a space after the colon, unless the name is in quotes. */
function readPair(pair: string, text: string): readonly [string, string | null] {
  const [name = '', ...rest] = splitOutsideQuotes(pair, ':', text);
  const value = rest.join(':');
  const isParted = /^\s|^$/.test(value) || isQuoted(name.trim());
  if (rest.length === 0 || !isParted || name.trim() === '') throw notFlat();
  return [unquote(name.trim()), readScalar(value.trim())];
}

function readScalar(value: string): string | null {
  if (isQuoted(value)) return unquote(value);
  if (value === '' || value === '~' || value === 'null') return null;
  if (/^[[{&*!|>%@`]/.test(value)) throw notFlat();
  const comment = value.search(/\s#/);
  return comment === -1 ? value : value.slice(0, comment).trimEnd();
}

function isQuoted(value: string): boolean {
  const [first = ''] = value;
  return value.length > 1 && (CLOSING[first] ?? '').includes(value.at(-1) ?? ' ');
}

function unquote(value: string): string {
  return isQuoted(value) ? value.slice(1, -1) : value;
}

function splitOutsideQuotes(text: string, separator: string, whole: string): string[] {
  const parts: string[] = [];
  let closing: string | undefined;
  let [start, at, isBlank] = [0, 0, true];
  for (const char of text) {
    if (closing === undefined && char === separator) {
      parts.push(text.slice(start, at));
      [start, isBlank] = [at + char.length, true];
    } else if (closing?.includes(char)) {
      closing = undefined;
    } else if (isBlank && char.trim() !== '') {
      closing = CLOSING[char];
      isBlank = false;
    }
    at += char.length;
  }
  if (closing !== undefined) throw notFlat(whole.length > 0 ? 'a quote is never closed' : undefined);
  return [...parts, text.slice(start)];
}

/** Makes the error, which does not quote the text: it may contain a key. */
function notFlat(why?: string): TokenwrightError {
  const reason = why === undefined ? '' : `: ${why}`;
  return new TokenwrightError('bad_option', `must be a dictionary of names and values${reason}`, { allowed: FORMS });
}
