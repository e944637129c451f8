/**
 * Texts with tags (manual: "set description", "set tokeninfo"). The grammar, whole:
 *   `{{` `}}`  a brace          `{client_ip}` ...  what the event says, `N/A` where it doesn't
 *   `{now}`    the event's time; right behind it `+` or `-`, digits, and s, m, h or d shift it
 * Any other brace is refused where the text is saved. A text is parsed once and rendered per event.
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

/** How many characters (code points) a description has at most. */
export const MAX_DESCRIPTION = 80;

/** The next brace that means something, with the tag that it opens. */
const BRACE = /\{\{|\}\}|\{(?<name>[^{}]*)\}|[{}]/g;
/** `+5d`, `-90s`: right behind a time tag. */
const TAG_OFFSET = /([+-][0-9]+)([smhd])/y;

/**
 * A text is judged before its events are known, so "back to year 1" counts from 2026-03-15; where an
 * older event would get before year 1, rendering refuses.
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
 * The text for one event.
 * @throws TokenwrightError `bad_tag` where a time leaves the years 1 to 9999
 */
export function renderTemplate({ parts }: Template, context: TagContext): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : tagValue(part, context);
  return text;
}

/** What a text without tags says, whatever the event. */
export function literalText({ parts }: Template): string {
  return parts.filter((part) => typeof part === 'string').join('');
}

/** Whether a text has a tag. */
export function usesTag({ parts }: Template, name: Tag['name']): boolean {
  return parts.some((part) => typeof part !== 'string' && part.name === name);
}

/** The first 80 code points: a description that a tag makes longer must not stop the action. */
export function cutDescription(text: string): string {
  if (text.length <= MAX_DESCRIPTION) return text;
  return [...text.slice(0, 2 * MAX_DESCRIPTION)].slice(0, MAX_DESCRIPTION).join('');
}

/** The tag that `found` opens, and how many characters of the text behind it (at `end`) belong to it. */
function readTag(found: string, name: string | undefined, text: string, end: number): { tag: Tag; length: number } {
  if (name === undefined) throw badTag(`a single brace (the brace itself is written "${found}${found}")`, found);
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
