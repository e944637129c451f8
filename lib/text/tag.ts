/**
 * The tags there are, and what each prints at an event. "Now" is when the event occurred, in the
 * stack's zone, so a redelivery prints the same; what the event doesn't say is `N/A`.
 */
import { shorten, TokenwrightError } from '../base/error.ts';
import { formatToMicrosecond, hasFourDigitYear } from './calendar.ts';
import { addOffset, MAX_DAYS_AHEAD, type TimeOffset } from './time-offset.ts';
import { formatOffset } from './zone.ts';

/** What rendering may need to know beside the time. */
export type TagNeed = 'client_ip' | 'user_agent' | 'user';

/** What the tags stand for; what is absent, `null` or empty prints as `N/A`. */
export interface TagContext {
  /** When the event occurred, in ms since 1970. */
  readonly now: number;
  /** The stack's IANA time zone. */
  readonly timezone: string;
  readonly client_ip?: string | null;
  readonly user_agent?: string | null;
  readonly username?: string | null;
  readonly realm?: string | null;
  /** user-agent.ts', handed in so that its parser is loaded only where a text has `{ua_browser}`. */
  readonly browserName: BrowserName;
}

/** The family of the browser that a User-Agent names, `null` where it is unknown. */
export type BrowserName = (userAgent: string) => string | null;

/** One tag of a text: a time with its offset, or a text that the event says. */
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

/** Two names of one tag. */
export const TIME_TAGS: readonly string[] = ['now', 'current_time'];
/** The tags there are, as they are written. */
const TAGS: readonly string[] = [...TIME_TAGS, ...Object.keys(TEXT_TAGS)].map((name) => `{${name}}`);

export const NO_OFFSET: TimeOffset = { amount: 0, unit: 's' };

export function isTextTag(name: string): name is TextTag {
  return Object.hasOwn(TEXT_TAGS, name);
}

/** What the value of a tag needs to be known. */
export function needOf(tag: Tag): readonly TagNeed[] {
  return tag.name === 'now' ? [] : [TEXT_TAGS[tag.name].needs];
}

/**
 * What the tag prints.
 * @throws TokenwrightError `bad_tag` where a time leaves the years 1 to 9999
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

/** The refusal of `given`, a brace or a tag of a text. */
export function badTag(what: string, given: string): TokenwrightError {
  const message = `${what}: "${shorten(given)}"; allowed are ${TAGS.join(', ')}`;
  return new TokenwrightError('bad_tag', message, {
    given: shorten(given),
    allowed: TAGS,
  });
}

/** The refusal of a time beyond the years that four digits can say. */
export function tagTooFar(tag: string): TokenwrightError {
  return new TokenwrightError('bad_tag', `"${shorten(tag)}" reaches too far`, {
    given: shorten(tag),
    allowed: `at most ${MAX_DAYS_AHEAD} days ahead, back to year 1`,
  });
}
