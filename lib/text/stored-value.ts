/**
 * Reads values that are stored as texts (tokeninfo, attributes) and mean a number, a date or a name. An unreadable value is an
 * error, and never treated as absent: an end of validity that cannot be read is not "no end". Imports, verification and
 * conditions all use this module.
 */
import { shorten, TokenwrightError } from '../base/error.ts';

/** How a text is read. */
export interface StoredKind<T> {
  /** Returns null for an unreadable text. */
  read(text: string): T | null;
  /** Describes the readable texts, for error messages. */
  readonly allowed: string | readonly string[];
}

type StoredTexts = Readonly<Record<string, string>>;

/**
 * Reads one value.
 *
 * @returns undefined if the value is absent, empty or only spaces
 * @throws TokenwrightError `unreadable_value`, with the key as its path
 * @example readStored(token.info, 'timeShift', SECONDS) ?? 0
 */
export function readStored<T>(values: StoredTexts, key: string, kind: StoredKind<T>): T | undefined {
  const text = Object.hasOwn(values, key) ? values[key]?.trim() : undefined;
  if (text === undefined || text === '') return undefined;
  const value = kind.read(text);
  if (value !== null) return value;
  throw new TokenwrightError('unreadable_value', `the stored value "${shorten(text)}" cannot be read`, {
    path: `info.${key}`,
    given: shorten(text),
    allowed: kind.allowed,
  });
}

/** Describes an integer within bounds. */
export function wholeNumber(min: number, max: number): StoredKind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    read(text) {
      const number = /^[+-]?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return number >= min && number <= max ? number : null;
    },
  };
}

/** Describes seconds, with or without a fraction; privacyIDEA writes a drift as `-600.0`. */
export const SECONDS: StoredKind<number> = {
  allowed: 'seconds, such as -600 or -600.0',
  read: (text) => (/^[+-]?[0-9]{1,12}(\.[0-9]{1,12})?$/.test(text) ? Number(text) : null),
};

/** Describes one of several words, in any case. */
export function oneWordOf<Word extends string>(...words: readonly Word[]): StoredKind<Word> {
  return { allowed: words, read: (text) => words.find((word) => word === text.toLowerCase()) ?? null };
}
