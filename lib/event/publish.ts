/**
 * Puts events on the buses. The errors of single entries in a `PutEvents` answer count as failures:
 * those entries are tried again, and what still fails throws, so that the delivery is repeated.
 */
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { pauseWithJitter } from '../base/pause.ts';
import type { Outcome } from './outcome.ts';
import type { Slip } from './slip.ts';
import { OWN_SOURCE } from './source.ts';

export type BusEntry = PutEventsRequestEntry;
export type Publish = (entries: readonly BusEntry[]) => Promise<void>;

/** What EventBridge takes in one call since January 2026, and so in one entry. */
export const MAX_ENTRY_BYTES = 1024 * 1024;

/** What is put into one call: less than it takes, so that one that is refused does not hold up many. */
const ENTRIES_PER_CALL = 10;
const BYTES_PER_CALL = 256 * 1024;
const ATTEMPTS = 4;

/** @throws Error where an entry is refused again and again: the caller's delivery has to be repeated */
export function publisher(client: Pick<EventBridgeClient, 'send'>): Publish {
  return async (entries) => {
    for (const call of callsOf(entries)) await putAll(client, call);
  };
}

function callsOf(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const calls: PutEventsRequestEntry[][] = [];
  let call: PutEventsRequestEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    if (call.length === ENTRIES_PER_CALL || bytes + size >= BYTES_PER_CALL || calls.length === 0) {
      call = [];
      calls.push(call);
      bytes = 0;
    }
    call.push(entry);
    bytes += size;
  }
  return calls;
}

/** As EventBridge counts an entry without a time. */
export function sizeOf({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number {
  return [Source, DetailType, Detail].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

async function putAll(
  client: Pick<EventBridgeClient, 'send'>,
  entries: readonly PutEventsRequestEntry[],
): Promise<void> {
  let waiting = [...entries];
  for (let attempt = 1; ; attempt += 1) {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: waiting }));
    const refused = Entries.find((entry) => entry.ErrorCode);
    waiting = waiting.filter((_, i) => Entries[i]?.ErrorCode);
    if (waiting.length === 0) return;
    if (attempt === ATTEMPTS) throw new Error(`EventBridge refused ${waiting.length} events: ${refused?.ErrorCode}`);
    await pauseWithJitter(attempt);
  }
}

/** An event of our own. */
export function ownEntry(bus: string, type: string, detail: unknown): BusEntry {
  return { EventBusName: bus, Source: OWN_SOURCE, DetailType: type, Detail: JSON.stringify(detail) };
}

/** A step event for the actions' rules. */
export function stepEntry(bus: string, slip: Slip): BusEntry {
  return ownEntry(bus, 'token.action', slip);
}

export function outcomeEntry(bus: string, outcome: Outcome): BusEntry {
  return ownEntry(bus, `token.action.${outcome.status}`, outcome);
}
