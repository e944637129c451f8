/**
 * The tags, and the text that each prints for an event. "Now" is when the event occurred, in the stack's zone, so a redelivery
 * prints the same. A value that the event does not have prints as `N/A`.
 */
import { shorten, TokenwrightError } from '../base/error.ts';
import { formatToMicrosecond, hasFourDigitYear } from './calendar.ts';
import { addOffset, MAX_DAYS_AHEAD, type TimeOffset } from './time-offset.ts';
import { formatOffset } from './zone.ts';

/** Data other than the time that rendering may need. */
export type TagNeed = 'client_ip' | 'user_agent' | 'user';

/** The values of the tags; absent, null or empty ones print as `N/A`. */
export interface TagContext {
  /** When the event occurred, in milliseconds since 1970. */
  readonly now: number;
  /** The stack's IANA time zone. */
  readonly timezone: string;
  readonly client_ip?: string | null;
  readonly user_agent?: string | null;
  readonly username?: string | null;
  readonly realm?: string | null;
  /** The function of user-agent.ts. It is a parameter, so that its parser is loaded only for texts with `{ua_browser}`. */
  readonly browserName: BrowserName;
}

/** Finds the browser family of a User-Agent; null if it is unknown. */
export type BrowserName = (userAgent: string) => string | null;

/** One tag of a text: the time with an offset, or a text from the event. */
export type Tag = { readonly name: TextTag } | { readonly name: 'now'; readonly offset: TimeOffset };

interface TextTagRule {
  readonly needs: TagNeed;
  readonly value: (context: TagContext) => string | null | undefined;
}

const TEXT_TAGS = {
  client_ip: { needs: 'client_ip', value: (context) => context.client_ip },
  ua_browser: {
    needs: 'user_agent',
    value: (context) => context.user_agent && context.browserName(context.user_agent),
  },
  ua_string: { needs: 'user_agent', value: (context) => context.user_agent },
  username: { needs: 'user', value: (context) => context.username },
  realm: { needs: 'user', value: (context) => context.realm },
} as const satisfies Readonly<Record<string, TextTagRule>>;
type TextTag = keyof typeof TEXT_TAGS;

/** The two names of the time tag. */
export const TIME_TAGS: readonly string[] = ['now', 'current_time'];
/** All tags as they are written. */
const TAGS: readonly string[] = [...TIME_TAGS, ...Object.keys(TEXT_TAGS)].map((name) => `{${name}}`);

export const NO_OFFSET: TimeOffset = { amount: 0, unit: 's' };

export function isTextTag(name: string): name is TextTag {
  return Object.hasOwn(TEXT_TAGS, name);
}

/** Returns the data that a tag needs. */
export function needOf(tag: Tag): readonly TagNeed[] {
  return tag.name === 'now' ? [] : [TEXT_TAGS[tag.name].needs];
}

/**
 * Renders a tag.
 * @throws TokenwrightError `bad_tag` if a time is outside of the years 1 to 9999
 */
export function tagValue(tag: Tag, context: TagContext): string {
  if (tag.name !== 'now') return TEXT_TAGS[tag.name].value(context) || 'N/A';
  const { wall, offset } = addOffset(context.now, tag.offset, context.timezone);
  if (!hasFourDigitYear(wall)) throw tagTooFar(writtenTime(tag.offset));
  return formatToMicrosecond(wall) + formatOffset(offset);
}

function writtenTime({ amount, unit }: TimeOffset): string {
  return `{now}${amount < 0 ? '' : '+'}${amount}${unit}`;
}

/** Makes the error for a brace or a tag. */
export function badTag(what: string, given: string): TokenwrightError {
  const message = `${what}: "${shorten(given)}"; allowed are ${TAGS.join(', ')}`;
  return new TokenwrightError('bad_tag', message, {
    given: shorten(given),
    allowed: TAGS,
  });
}

/** Makes the error for a time outside of the years 1 to 9999. */
export function tagTooFar(tag: string): TokenwrightError {
  return new TokenwrightError('bad_tag', `"${shorten(tag)}" is out of range`, {
    given: shorten(tag),
    allowed: `at most ${MAX_DAYS_AHEAD} days ahead, back to year 1`,
  });
}
