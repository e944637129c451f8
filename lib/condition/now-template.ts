/**
 * Fills in `{now}` on the right side of a comparison, to the minute as `2026-03-15T10:20+0000`, as tokeninfo holds dates.
 * An offset may follow, also with spaces: `{now}-5h`, `{now} - 7d`. In conditions on tokeninfo any other brace is refused
 * (`{{` and `}}` are literal braces); in conditions on a user's attributes it is kept.
 */
import { formatToMinute } from '../text/calendar.ts';
import { addOffset, daysOf, MAX_DAYS_AHEAD, type TimeOffset, timeOffset } from '../text/time-offset.ts';
import { formatOffset } from '../text/zone.ts';
import { badCondition } from './condition.ts';

/** `none`: `{now}` is text like any other. */
export type Braces = 'refused' | 'kept' | 'none';

type Part = string | TimeOffset;

/** The text at an instant (ms since 1970) in an IANA zone. */
export type RenderNow = (now: number, timezone: string) => string;

export interface NowTemplate {
  /** Whether the text depends on the instant. */
  readonly hasNow: boolean;
  readonly render: RenderNow;
}

const TAG = /\{now\}(?:\s*(?<sign>[+-])\s*(?<amount>[0-9]+)\s*(?<unit>[smhd])(?![A-Za-z0-9]))?|\{\{|\}\}|[{}]/g;
const BAD_OFFSET = /^\s*[+-]\s*[0-9]/;
const ALLOWED = ['{now}', '{now}+10d', '{now}-5h', '{{', '}}'];
/** Limits offsets to the years that tags can print, from year 1 on. */
const MAX_DAYS_BACK = 730_000;

/** Reads the right side. @throws TokenwrightError `bad_condition` for a brace or an offset that cannot be meant */
export function parseNowTemplate(text: string, braces: Braces): NowTemplate {
  const parts = braces === 'none' ? [text] : [...parseParts(text, braces)];
  const render: RenderNow = (now, timezone) =>
    parts.map((part) => (typeof part === 'string' ? part : formatNow(now, part, timezone))).join('');
  return { hasNow: parts.some((part) => typeof part !== 'string'), render };
}

function* parseParts(text: string, braces: Braces): Generator<Part> {
  let end = 0;
  for (const match of text.matchAll(TAG)) {
    yield text.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[0].startsWith('{now}')) yield parseOffset(match, text, end);
    else if (braces === 'kept') yield match[0];
    else if (match[0].length === 2) yield match[0].slice(1);
    else throw badCondition(`"${text}" has a brace that is no tag`, text, ALLOWED);
  }
  yield text.slice(end);
}

function parseOffset(match: RegExpExecArray, text: string, end: number): TimeOffset {
  const { sign = '', amount, unit } = match.groups ?? {};
  const offset = timeOffset(sign + amount, unit);
  if (!offset) {
    if (!BAD_OFFSET.test(text.slice(end))) return { amount: 0, unit: 's' };
    throw badCondition(`"${text.slice(match.index)}" has no offset of s, m, h or d`, text, ALLOWED);
  }
  const days = daysOf(offset);
  if (days > MAX_DAYS_AHEAD || days < -MAX_DAYS_BACK) throw badCondition(`"${text}" is out of reach`, text, ALLOWED);
  return offset;
}

function formatNow(now: number, offset: TimeOffset, timezone: string): string {
  const zoned = addOffset(now, offset, timezone);
  return formatToMinute(zoned.wall) + formatOffset(zoned.offset);
}
