/**
 * EventBridge: `PutEvents` and `TestEventPattern`. A faulty request is a 400; a faulty entry is reported in the answer,
 * at the place of the entry. Differs from AWS in two points: an unknown bus is an error, and an event that a pattern is
 * tested on may lack `id`, `account` and `time`.
 */
import { compilePattern } from '@tokenwright/event-pattern';
import { isDeeperThan } from '../../../lib/base/object.ts';
import type { Bus } from '../bus.ts';
import type { Arrival } from '../delivery.ts';
import { envelopeOf } from '../envelope.ts';
import { isRecord, type Json, list, record, text } from '../json.ts';
import { busName } from '../rules.ts';
import { AwsRefusal, type Operations, required } from './operation.ts';

const MAXIMUM_ENTRIES = 10;
/** The limit of EventBridge since January 2026. */
const MAXIMUM_BYTES = 1024 * 1024;
const TIME_BYTES = 14;
/** A usual limit of JSON parsers. Deeper values could not be serialized again by this process. */
const MAXIMUM_DEPTH = 1000;

type CheckedEntry =
  | { readonly arrival: Arrival; readonly bus: string }
  | { readonly code: string; readonly message: string };

/**
 * @param now the clock of the bus, in milliseconds since 1970
 * @param arrival when an event with such a `Time` arrives; absent: when it is received, whatever its `Time` says
 */
export function eventBridge(
  bus: Bus,
  region: string,
  now: () => number,
  arrival: (time: number) => number = now,
): Operations {
  const check = (given: unknown): CheckedEntry => {
    const entry = record(given);
    const name = busName(text(entry.EventBusName) ?? 'default');
    if (!bus.has(name)) return { code: 'InvalidArgument', message: `Event bus ${name} does not exist.` };
    const { Source: source, DetailType: detailType, Detail: detail } = entry;
    if (!isGiven(source)) return absent('Source');
    if (!isGiven(detailType)) return absent('DetailType');
    if (!isGiven(detail)) return absent('Detail');
    if (source.startsWith('aws.')) return { code: 'NotAuthorizedForSource', message: 'Not authorized for the source.' };
    const parsed = parseDetail(detail);
    if (parsed === undefined) return { code: 'MalformedDetail', message: 'Detail is malformed.' };
    const time = typeof entry.Time === 'number' ? entry.Time * 1000 : Date.parse(text(entry.Time) ?? '') || now();
    const sent = { source, detailType, detail: parsed, resources: list(entry.Resources).map(String), time };
    return { arrival: { envelope: envelopeOf(sent, region), arrived: arrival(time) }, bus: name };
  };

  return {
    PutEvents: (input) => {
      const entries = list(input.Entries);
      if (entries.length === 0 || entries.length > MAXIMUM_ENTRIES) throw badLength(entries.length);
      if (entries.reduce<number>((sum, entry) => sum + bytesOf(record(entry)), 0) >= MAXIMUM_BYTES) {
        throw new AwsRefusal('ValidationException', 'Total size of the entries in the request is over the limit.');
      }
      const checked = entries.map(check);
      const accepted = checked.filter((entry) => 'arrival' in entry);
      for (const name of new Set(accepted.map((entry) => entry.bus))) {
        bus.put(
          name,
          accepted.filter((entry) => entry.bus === name).map(({ arrival: received }) => received),
        );
      }
      return {
        FailedEntryCount: checked.length - accepted.length,
        Entries: checked.map((entry) =>
          'arrival' in entry
            ? { EventId: entry.arrival.envelope.id }
            : { ErrorCode: entry.code, ErrorMessage: entry.message },
        ),
      };
    },

    TestEventPattern: (input) => {
      const matches = compile(json(required(input, 'EventPattern'), 'EventPattern'));
      const event = json(required(input, 'Event'), 'Event');
      if (!isRecord(event))
        throw new AwsRefusal('ValidationException', 'Parameter Event is not valid. Reason: no object.');
      return { Result: matches(event) };
    },
  };
}

function compile(pattern: unknown): (event: object) => boolean {
  try {
    return compilePattern(pattern);
  } catch (error) {
    throw invalidPattern(error instanceof Error ? error.message : String(error));
  }
}

function json(value: string, parameter: 'Event' | 'EventPattern'): unknown {
  try {
    return JSON.parse(value);
  } catch {
    if (parameter === 'EventPattern') throw invalidPattern('not JSON');
    throw new AwsRefusal('ValidationException', 'Parameter Event is not valid. Reason: not JSON.');
  }
}

function invalidPattern(reason: string): AwsRefusal {
  return new AwsRefusal('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

function parseDetail(detail: string): Json | undefined {
  try {
    const parsed: unknown = JSON.parse(detail);
    return isRecord(parsed) && !isDeeperThan(MAXIMUM_DEPTH, parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isGiven(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function absent(parameter: string): CheckedEntry {
  const message = `Parameter ${parameter} is not valid. Reason: ${parameter} is a required argument.`;
  return { code: 'InvalidArgument', message };
}

function badLength(length: number): AwsRefusal {
  const bound = length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MAXIMUM_ENTRIES}`;
  const message = `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`;
  return new AwsRefusal('ValidationException', message);
}

/** Counts the bytes of an entry as EventBridge does. */
function bytesOf({ Time, Source, DetailType, Detail, Resources }: Json): number {
  const texts = [Source, DetailType, Detail, ...list(Resources)].map((value) => Buffer.byteLength(text(value) ?? ''));
  return texts.reduce((sum, bytes) => sum + bytes, Time === undefined ? 0 : TIME_BYTES);
}
