/**
 * What fits into an announcement. A bus takes 256 KB an entry, and what a token holds or an administrator wrote may be
 * longer: an outcome that no bus takes would be put again and again, and its step end as a dead letter.
 */
import { isObject } from '../base/object.ts';
import type { Changes } from '../token/record.ts';

const LONGEST_TEXT = 1000;
const MOST_ENTRIES = 100;
const MOST_BYTES_OF_CHANGES = 192 * 1024;

export function briefText(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
}

/** What was given, wanted or seen: the beginning of long texts, the first of many entries. */
export function brief(value: unknown): unknown {
  if (typeof value === 'string') return briefText(value);
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map(brief);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MOST_ENTRIES)
      .map(([key, part]) => [briefText(key), brief(part)]),
  );
}

/** Whole, or not at all: consumers apply them. */
export function announcedChanges(changes: Changes | null): Changes | null {
  return Buffer.byteLength(JSON.stringify(changes)) > MOST_BYTES_OF_CHANGES ? null : changes;
}
