/**
 * Puts auth events on the bus, for authentication systems: checks them, removes secrets, gives each event a time and an id,
 * with which a repeated call has no effect, and retries entries that EventBridge refuses.
 */
import { randomUUID } from 'node:crypto';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { isoTime, processClock } from '../base/clock.ts';
import { TokenwrightError } from '../base/error.ts';
import { isObject, isRecord } from '../base/object.ts';
import { parseAuthEvent } from '../event/auth-event.ts';
import { dropSecrets } from '../event/boundary.ts';
import { type BusEntry, MAX_ENTRY_BYTES, publisher, sizeOf } from '../event/publish.ts';
import type { AuthEvent } from './types.ts';

export interface PutOptions {
  /** Name or ARN of the bus: `tokenwright-STAGE` on AWS; `tokenwright`, the local one, if absent. */
  readonly bus?: string;
  /** Your own client. If absent, one is created, with region, credentials and endpoint from the environment. */
  readonly client?: Pick<EventBridgeClient, 'send'>;
}

export interface PutResult {
  /** The ids of the events, in the order given: outcomes name them. */
  readonly ids: readonly string[];
  /** How many secret values were left out. */
  readonly secretsDropped: number;
}

/** An error of an event. */
export interface AuthEventFault {
  readonly code: string;
  /** The place of the error, such as `[0].detail.position`. */
  readonly path: string;
  readonly message: string;
  /** The accepted values. */
  readonly allowed?: string | readonly string[];
}

/** Thrown if an event is malformed; then none was put. */
export class AuthEventsRefused extends Error {
  override readonly name = 'AuthEventsRefused';
  readonly faults: readonly AuthEventFault[];

  constructor(faults: readonly AuthEventFault[]) {
    super(faults.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.faults = faults;
  }
}

/**
 * Puts one auth event on the bus.
 *
 * @returns its id
 * @throws AuthEventsRefused if it is faulty
 * @throws Error if EventBridge does not take it: put it again, with the same `detail.id`
 */
export async function putAuthEvent(event: AuthEvent, options: PutOptions = {}): Promise<string> {
  const { ids } = await putAuthEvents([event], options);
  return ids.join();
}

/**
 * Puts auth events on the bus, in calls as large as EventBridge takes.
 *
 * @throws AuthEventsRefused with every fault of all of them; then none was put
 * @throws Error if EventBridge does not take some of them: put all again, with the same `detail.id`
 */
export async function putAuthEvents(events: readonly AuthEvent[], options: PutOptions = {}): Promise<PutResult> {
  const { bus = 'tokenwright', client = new EventBridgeClient({}) } = options;
  const { entries, ids, secretsDropped, errors } = entriesOf(events);
  if (errors.length > 0) throw new AuthEventsRefused(errors.map(faultOf));
  await publisher(client)(entries.map((entry) => ({ ...entry, EventBusName: bus })));
  return { ids, secretsDropped };
}

interface CheckedEvents extends PutResult {
  readonly entries: readonly BusEntry[];
  /** Every fault of all events, with paths as in `[0].detail`; the entries are those of the other events. */
  readonly errors: readonly TokenwrightError[];
}

/** Checks auth events, and builds the entries to put, without the name of a bus. */
export function entriesOf(events: readonly unknown[]): CheckedEvents {
  const { value, dropped } = dropSecrets(events);
  const read = (Array.isArray(value) ? value : []).map((event: unknown) => entryOf(event));
  return {
    entries: read.flatMap(({ entry }) => entry ?? []),
    ids: read.flatMap(({ id }) => id ?? []),
    secretsDropped: dropped,
    errors: read.flatMap(({ errors = [] }, i) => errors.map((error) => error.under(`[${i}]`))),
  };
}

interface Read {
  readonly id?: string;
  readonly entry?: BusEntry;
  readonly errors?: readonly TokenwrightError[];
}

function entryOf(event: unknown): Read {
  const envelope = isRecord(event) ? completed(event) : event;
  const parsed = parseAuthEvent(envelope);
  if (!parsed.ok) return { errors: parsed.errors };
  const { id, source, name, occurredAt } = parsed.value;
  const detail = isRecord(envelope) && isObject(envelope.detail) ? envelope.detail : {};
  const own = { id, occurred_at: isoTime(occurredAt), ...detail };
  const entry = { Source: source, DetailType: name, Detail: JSON.stringify(own) };
  return sizeOf(entry) < MAX_ENTRY_BYTES ? { id, entry } : { errors: [tooLarge()] };
}

/** Adds the fields that a bus would add, and drops fields that are null: they count as absent, and get their defaults. */
function completed({ id, detail, ...event }: Record<string, unknown>): Record<string, unknown> {
  const present = isRecord(detail)
    ? Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== null))
    : detail;
  return { time: isoTime(processClock().now()), ...event, id: id ?? randomUUID(), detail: present };
}

function tooLarge(): TokenwrightError {
  const allowed = `less than ${MAX_ENTRY_BYTES} bytes`;
  return new TokenwrightError('bad_event', 'is larger than an entry of EventBridge may be', {
    path: 'detail',
    allowed,
  });
}

function faultOf({ code, message, details: { path = '', allowed } }: TokenwrightError): AuthEventFault {
  return { code, path, message, ...(allowed === undefined ? {} : { allowed }) };
}
