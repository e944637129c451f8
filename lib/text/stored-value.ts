/**
 * Values that are kept as texts (tokeninfo, attributes) and mean a number, a date or a name. A value is absent, given, or
 * there and unreadable; the last is an error, and never taken for the first: an end of validity that cannot be read is
 * not "no end". Imports, verification and conditions all read through here.
 */
import { shorten, TokenwrightError } from '../base/error.ts';

/** What a text means. */
export interface StoredKind<T> {
  /** `null`: the text has no such meaning. */
  read(text: string): T | null;
  /** What can be read, for people. */
  readonly allowed: string | readonly string[];
}

type StoredTexts = Readonly<Record<string, string>>;

/**
 * Reads one value.
 *
 * @returns `undefined` where there is none; spaces alone are none
 * @throws TokenwrightError `unreadable_value`, with the key as its path
 * @example readStored(token.info, 'timeShift', SECONDS) ?? 0
 */
export function readStored<T>(values: StoredTexts, key: string, kind: StoredKind<T>): T | undefined {
  const text = Object.hasOwn(values, key) ? values[key]?.trim() : undefined;
  if (text === undefined || text === '') return undefined;
  const value = kind.read(text);
  if (value !== null) return value;
  throw new TokenwrightError('unreadable_value', `"${shorten(text)}" is there and cannot be read`, {
    path: `info.${key}`,
    given: shorten(text),
    allowed: kind.allowed,
  });
}

/** A whole number within bounds, in digits. */
export function wholeNumber(min: number, max: number): StoredKind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    read(text) {
      const number = /^[+-]?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return number >= min && number <= max ? number : null;
    },
  };
}

/** Seconds with or without a fraction; privacyIDEA writes a drift as `-600.0`. */
export const SECONDS: StoredKind<number> = {
  allowed: 'seconds, such as -600 or -600.0',
  read: (text) => (/^[+-]?[0-9]{1,12}(\.[0-9]{1,12})?$/.test(text) ? Number(text) : null),
};

/** One of several words, whatever their case. */
export function oneWordOf<Word extends string>(...words: readonly Word[]): StoredKind<Word> {
  return { allowed: words, read: (text) => words.find((word) => word === text.toLowerCase()) ?? null };
}
