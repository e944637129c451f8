/**
 * When an event occurred, as far as its sender may say so: never later than it arrived. Dispatch's rule hands over the
 * event and its arrival by an input transformer, whose reserved variables no sender can set, and which is the same for
 * every delivery of an event.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { Instant } from '../schema/scalar.ts';
import { check, type Parsed } from '../schema/validate.ts';

/** How far a sender's clock may be ahead of the arrival, in milliseconds. */
export const MAX_AHEAD = 5 * 60_000;

const REST_OF_SECOND = 999;

/** An event as it was handed over. */
export interface HandedOver {
  readonly event: unknown;
  /** In milliseconds since 1970; undefined where a rule of an older release hands over the event alone. */
  readonly arrived: Parsed<number | undefined>;
  /** The same event with its secrets dropped or its faults told, in the form in which it came. */
  wrap(event: unknown): unknown;
}

const Arrived = z.object({ arrived: Instant });

/** Reads what dispatch's rule hands over. An arrival without fractions stands for the end of its second. */
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

/** What an event says of its own time, in milliseconds since 1970: `time` is the envelope's, to the second. */
export interface ClaimedTime {
  readonly time: number;
  readonly occurred_at?: number | null | undefined;
}

/**
 * The event's time: the earlier of `occurred_at` and the arrival. Where only a whole second is given, the arrival kept
 * within that second, so that two events of one second keep the order in which they came.
 */
export function eventTime({ time, occurred_at }: ClaimedTime, arrived: number | undefined): number {
  if (arrived === undefined) return occurred_at ?? time;
  return Math.min(occurred_at ?? (time % 1000 === 0 ? time + REST_OF_SECOND : time), arrived);
}

/** The error of an event that claims to be from the future; `null`: it does not. */
export function aheadOfArrival(claimed: ClaimedTime, arrived: number | undefined): TokenwrightError | null {
  const time = claimed.occurred_at ?? claimed.time;
  if (arrived === undefined || time <= arrived + MAX_AHEAD) return null;
  const path = claimed.occurred_at == null ? 'time' : 'detail.occurred_at';
  const given = new Date(time).toISOString();
  return new TokenwrightError('bad_time', 'the event is more than five minutes ahead of its arrival', { path, given });
}
