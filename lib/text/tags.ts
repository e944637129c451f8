/**
 * Parses and renders texts with tags (manual: "set description", "set tokeninfo"). The grammar:
 *   `{{` `}}`  a brace          `{client_ip}` ...  a value of the event, `N/A` if it has none
 *   `{now}`    the event's time; directly after it `+` or `-`, digits, and s, m, h or d shift it
 * Any other brace is refused when the text is saved. A text is parsed once, and rendered for each event.
 */
import {
  badTag,
  isTextTag,
  NO_OFFSET,
  needOf,
  type Tag,
  type TagContext,
  type TagNeed,
  TIME_TAGS,
  tagTooFar,
  tagValue,
} from './tag.ts';
import { daysOf, MAX_DAYS_AHEAD, timeOffset } from './time-offset.ts';

/** A parsed text. */
export interface Template {
  /** Literal texts and tags, in order. */
  readonly parts: readonly (string | Tag)[];
  readonly hasTags: boolean;
  readonly needs: ReadonlySet<TagNeed>;
}

/** The maximum length of a description, in code points. */
export const MAX_DESCRIPTION = 80;

/** Matches a brace, with the tag that it opens. */
const BRACE = /\{\{|\}\}|\{(?<name>[^{}]*)\}|[{}]/g;
/** Matches the offset after a time tag: `+5d`, `-90s`. */
const TAG_OFFSET = /([+-][0-9]+)([smhd])/y;

/**
 * The days from 2026-03-15 back to year 1. A text is checked before its events are known; if an older event leads to a time
 * before year 1, rendering throws.
 */
const MAX_DAYS_BACK = 739_689;

/**
 * Reads a text with tags.
 * @throws TokenwrightError `bad_tag` for an unknown tag, a single brace, an offset out of range
 * @example parseTemplate('from {client_ip}, until {now}+30d')
 */
export function parseTemplate(text: string): Template {
  const parts: (string | Tag)[] = [];
  let literal = '';
  let end = 0;
  for (const match of text.matchAll(BRACE)) {
    const { 0: found, index } = match;
    literal += text.slice(end, index);
    end = index + found.length;
    if (found === '{{' || found === '}}') {
      literal += found[0];
      continue;
    }
    const { tag, length } = readTag(found, match.groups?.name, text, end);
    if (literal !== '') parts.push(literal);
    parts.push(tag);
    literal = '';
    end += length;
  }
  literal += text.slice(end);
  if (literal !== '') parts.push(literal);
  const tags = parts.filter((part) => typeof part !== 'string');
  return {
    parts,
    hasTags: tags.length > 0,
    needs: new Set(tags.flatMap(needOf)),
  };
}

/**
 * Renders the text for one event.
 * @throws TokenwrightError `bad_tag` if a time is outside of the years 1 to 9999
 */
export function renderTemplate({ parts }: Template, context: TagContext): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : tagValue(part, context);
  return text;
}

/** Returns the text of a template without tags. */
export function literalText({ parts }: Template): string {
  return parts.filter((part) => typeof part === 'string').join('');
}

/** Tells whether a text has a tag. */
export function usesTag({ parts }: Template, name: Tag['name']): boolean {
  return parts.some((part) => typeof part !== 'string' && part.name === name);
}

/** Cuts a description to 80 code points: one that a tag makes longer must not make the action fail. */
export function cutDescription(text: string): string {
  if (text.length <= MAX_DESCRIPTION) return text;
  return [...text.slice(0, 2 * MAX_DESCRIPTION)].slice(0, MAX_DESCRIPTION).join('');
}

/** Reads the tag that `found` opens. @returns the tag, and the length of its offset, which follows at `end` */
function readTag(found: string, name: string | undefined, text: string, end: number): { tag: Tag; length: number } {
  if (name === undefined) throw badTag(`a single brace (a literal brace is written "${found}${found}")`, found);
  if (isTextTag(name)) return { tag: { name }, length: 0 };
  if (!TIME_TAGS.includes(name)) throw badTag('an unknown tag', found);
  TAG_OFFSET.lastIndex = end;
  const [written, digits, unit] = TAG_OFFSET.exec(text) ?? [''];
  const offset = timeOffset(digits, unit);
  if (offset === null) return { tag: { name: 'now', offset: NO_OFFSET }, length: 0 };
  const days = daysOf(offset);
  if (days > MAX_DAYS_AHEAD || days < -MAX_DAYS_BACK) throw tagTooFar(found + written);
  return { tag: { name: 'now', offset }, length: written.length };
}
