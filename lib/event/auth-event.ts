/**
 * The auth event that an authentication system puts on the bus, parsed once when it arrives. Everything in `detail` is
 * optional, `null` counts as absent, unknown keys are allowed. See docs/reference/auth-event.md.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import type { UserReference } from '../directory/user.ts';
import { exactText, Instant } from '../schema/scalar.ts';
import { check, type Parsed, transformWith } from '../schema/validate.ts';
import { aheadOfArrival, eventTime } from './arrival.ts';
import { OWN_SOURCE, spelledAs, splitSerials, tooDeep } from './boundary.ts';

const text = z.string();

/** Makes a field that may be absent or null. */
const maybe = <S extends z.ZodMiniType>(schema: S) => z.optional(z.nullable(schema));

const serials = z.pipe(text, transformWith(splitSerials));

/** Refuses numbers beyond 2^53, which may have lost digits and be another user's id. */
const uid = z.pipe(
  z.union([text, z.number(), z.nan()]),
  transformWith((value: string | number) => exactText(value, 'bad_event')),
);

const NamedUser = z.looseObject({ login: maybe(text), realm: maybe(text), resolver: maybe(text), uid: maybe(uid) });

const LoggedInUser = z.looseObject({ username: maybe(text), realm: maybe(text), role: maybe(text) });

const Request = z.looseObject({
  serial: maybe(serials),
  container_serial: maybe(text),
  transaction_id: maybe(text),
});

const Detail = z.looseObject({
  occurred_at: maybe(Instant),
  id: maybe(text.check(z.minLength(1), z.maxLength(256))),
  position: maybe(z.enum(['pre', 'post'])),
  serial: maybe(serials),
  user: maybe(NamedUser),
  client_ip: maybe(text),
  user_agent: maybe(text),
  logged_in_user: maybe(LoggedInUser),
  request: maybe(Request),
  response: maybe(z.looseObject({})),
  challenge: maybe(z.unknown()),
  container: maybe(z.unknown()),
  counters: maybe(z.record(text, z.number())),
});

/** What each field means is said in scripts/reference/auth-event-fields.ts. */
export const Envelope = z.looseObject({
  id: text.check(z.minLength(1)),
  source: text,
  'detail-type': text.check(
    z.regex(/^[a-z0-9_]{1,128}$/, 'must be an event name of the letters a-z, digits and underscores'),
  ),
  time: Instant,
  detail: Detail,
});

export type Position = 'pre' | 'post';

/** An auth event, parsed. */
export interface AuthEvent {
  /** The sender's own id, else the envelope's. A sender that repeats its `PutEvents` must give one. */
  readonly id: string;
  readonly hasOwnId: boolean;
  readonly source: string;
  /** The ARN that signed the HTTP call; absent on the bus, whose policy limits the senders. */
  readonly caller?: string;
  readonly name: string;
  readonly position: Position;
  /**
   * When it occurred, in milliseconds since 1970: "now" for tags, offsets and conditions. Never later than its arrival.
   */
  readonly occurredAt: number;
  /** The error if it is more than 5 minutes ahead of its arrival. */
  readonly ahead: TokenwrightError | null;
  readonly client_ip: string | null;
  readonly user_agent: string | null;
  readonly logged_in_user: { readonly role: string | null } | undefined;
  readonly user: UserReference | null;
  /** The named tokens, without duplicates. If empty, the event is about the user's only token. */
  readonly serials: readonly string[];
  readonly transaction_id: string | null;
  readonly container_serial: string | null;
  readonly response: unknown;
  readonly challenge: unknown;
  readonly container: unknown;
  readonly counters: Readonly<Record<string, number>> | null;
}

/**
 * Reads an EventBridge envelope. Paths of errors start at the envelope: `detail.position`.
 *
 * @param arrived when the bus or the API received it, in milliseconds since 1970; absent: the event's own time counts
 */
export function parseAuthEvent(input: unknown, arrived?: number): Parsed<AuthEvent> {
  const deep = tooDeep(input);
  if (deep) return { ok: false, errors: [deep] };
  const envelope = check(Envelope, input, 'bad_event');
  if (!envelope.ok) return envelope;
  if (envelope.value.source === OWN_SOURCE) {
    const message = `the source "${OWN_SOURCE}" is for our own events: an action never triggers definitions`;
    return { ok: false, errors: [new TokenwrightError('bad_event', message, { path: 'source', given: OWN_SOURCE })] };
  }
  try {
    return { ok: true, value: toAuthEvent(envelope.value, arrived) };
  } catch (error) {
    if (error instanceof TokenwrightError) return { ok: false, errors: [error.under('detail.response.detail.serial')] };
    throw error;
  }
}

function toAuthEvent(envelope: z.output<typeof Envelope>, arrived: number | undefined): AuthEvent {
  const detail = envelope.detail;
  const claimed = { time: envelope.time, occurred_at: detail.occurred_at };
  return {
    id: detail.id ?? envelope.id,
    hasOwnId: detail.id != null,
    source: envelope.source,
    name: envelope['detail-type'],
    position: detail.position ?? 'post',
    occurredAt: eventTime(claimed, arrived),
    ahead: aheadOfArrival(claimed, arrived),
    client_ip: detail.client_ip || null,
    user_agent: detail.user_agent || null,
    logged_in_user: detail.logged_in_user ? { role: detail.logged_in_user.role ?? null } : undefined,
    user: toUserReference(detail.user),
    serials: findSerials(detail),
    transaction_id: detail.request?.transaction_id || null,
    container_serial: detail.request?.container_serial || null,
    response: detail.response ?? null,
    challenge: detail.challenge ?? null,
    container: detail.container ?? null,
    counters: detail.counters ?? null,
  };
}

function toUserReference(user: z.output<typeof NamedUser> | null | undefined): UserReference | null {
  if (!user) return null;
  const uid = user.uid ?? undefined;
  const reference = {
    ...(user.login ? { login: user.login } : {}),
    ...(user.realm ? { realm: user.realm } : {}),
    ...(user.resolver ? { resolver: user.resolver } : {}),
    ...(uid ? { uid } : {}),
  };
  return reference.login || reference.uid ? reference : null;
}

/** Returns the tokens that the request names, else the response, else the event itself. */
function findSerials(detail: z.output<typeof Detail>): readonly string[] {
  const answered = answeredSerials(detail.response);
  const requested = detail.request?.serial ?? [];
  if (requested.length > 0) return spelledAs(requested, answered);
  return answered.length > 0 ? answered : (detail.serial ?? []);
}

function answeredSerials(response: unknown): string[] {
  const detail = isObject(response) ? response.detail : null;
  const said = isObject(detail) ? detail.serial : null;
  return typeof said === 'string' ? splitSerials(said) : [];
}
