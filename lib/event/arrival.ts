/**
 * The time of an event: what its sender says, but never later than its arrival. Dispatch's rule passes the event and its
 * arrival (`aws.events.event.ingestion-time`) by an input transformer. No sender can set that variable, and it is the same
 * for every delivery.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { Instant } from '../schema/scalar.ts';
import { check, type Parsed } from '../schema/validate.ts';

/** How far a sender's clock may be ahead of the arrival, in milliseconds. */
export const MAX_AHEAD = 5 * 60_000;

const REST_OF_SECOND = 999;

/** An event as dispatch's rule passes it. */
export interface HandedOver {
  readonly event: unknown;
  /** In milliseconds since 1970; undefined if a rule of an older release passes the event alone. */
  readonly arrived: Parsed<number | undefined>;
  /** Puts another event in place of this one, in the form in which it came. */
  wrap(event: unknown): unknown;
}

const Arrived = z.object({ arrived: Instant });

/** Reads the input of dispatch. An arrival without fractions of a second counts as the end of that second. */
export function readHandedOver(input: unknown): HandedOver {
  if (!isObject(input) || !('event' in input) || 'detail-type' in input) {
    return { event: input, arrived: { ok: true, value: undefined }, wrap: (event) => event };
  }
  const { event, arrived: said } = input;
  const wrap = (other: unknown) => ({ event: other, arrived: said });
  const read = check(Arrived, { arrived: said }, 'bad_event');
  if (!read.ok) return { event, arrived: read, wrap };
  const isWhole = typeof said === 'string' && !said.includes('.');
  return { event, arrived: { ok: true, value: read.value.arrived + (isWhole ? REST_OF_SECOND : 0) }, wrap };
}

/** The times that an event itself states, in milliseconds since 1970. `time` is the envelope's, to the second. */
export interface ClaimedTime {
  readonly time: number;
  readonly occurred_at?: number | null | undefined;
}

/**
 * Computes the time of an event: the earlier of `occurred_at` and the arrival. If only a whole second is given, it is the
 * arrival, limited to that second, so that two events of one second keep their order.
 */
export function eventTime({ time, occurred_at }: ClaimedTime, arrived: number | undefined): number {
  if (arrived === undefined) return occurred_at ?? time;
  return Math.min(occurred_at ?? (time % 1000 === 0 ? time + REST_OF_SECOND : time), arrived);
}

/** Returns the error of an event that is more than 5 minutes ahead of its arrival; `null` if it is not. */
export function aheadOfArrival(claimed: ClaimedTime, arrived: number | undefined): TokenwrightError | null {
  const time = claimed.occurred_at ?? claimed.time;
  if (arrived === undefined || time <= arrived + MAX_AHEAD) return null;
  const path = claimed.occurred_at == null ? 'time' : 'detail.occurred_at';
  const given = new Date(time).toISOString();
  return new TokenwrightError('bad_time', 'the event is more than five minutes ahead of its arrival', { path, given });
}
