/**
 * Puts events on the buses. Entries that a `PutEvents` answer reports as failed are tried again. If some still fail, it
 * throws, so that the delivery is repeated.
 */
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { pauseWithJitter } from '../base/concurrency.ts';
import { OWN_SOURCE } from './boundary.ts';
import type { Outcome } from './outcome.ts';
import type { Slip } from './slip.ts';

export type BusEntry = PutEventsRequestEntry;
export type Publish = (entries: readonly BusEntry[]) => Promise<void>;

/** The most entries of a `PutEvents` call. */
const ENTRIES_PER_CALL = 10;
/** The size limit of a `PutEvents` call, and so of an entry, since January 2026. */
export const MAX_ENTRY_BYTES = 1024 * 1024;
const ATTEMPTS = 4;

interface RefusedEntry {
  readonly entry: BusEntry;
  readonly code: string;
}

/** Entries that EventBridge refused in every try. The caller's delivery has to be repeated. */
export class EntriesRefused extends Error {
  override readonly name = 'EntriesRefused';
  readonly refused: readonly RefusedEntry[];

  constructor(refused: readonly RefusedEntry[]) {
    super(`EventBridge refused ${refused.length} events: ${refused[0]?.code}`);
    this.refused = refused;
  }
}

/** @throws EntriesRefused */
export function publisher(client: Pick<EventBridgeClient, 'send'>): Publish {
  return async (entries) => {
    const refused: RefusedEntry[] = [];
    for (const call of callsOf(entries)) refused.push(...(await putAll(client, call)));
    if (refused.length > 0) throw new EntriesRefused(refused);
  };
}

function callsOf(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const calls: PutEventsRequestEntry[][] = [];
  let call: PutEventsRequestEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    if (call.length === ENTRIES_PER_CALL || bytes + size >= MAX_ENTRY_BYTES || calls.length === 0) {
      call = [];
      calls.push(call);
      bytes = 0;
    }
    call.push(entry);
    bytes += size;
  }
  return calls;
}

/** Computes the size of an entry without a time, as EventBridge counts it. */
export function sizeOf({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number {
  return [Source, DetailType, Detail].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

async function putAll(
  client: Pick<EventBridgeClient, 'send'>,
  entries: readonly PutEventsRequestEntry[],
): Promise<RefusedEntry[]> {
  let waiting = [...entries];
  for (let attempt = 1; ; attempt += 1) {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: waiting }));
    const refused = waiting.flatMap((entry, i) => {
      const code = Entries[i]?.ErrorCode;
      return code ? [{ entry, code }] : [];
    });
    if (refused.length === 0 || attempt === ATTEMPTS) return refused;
    waiting = refused.map(({ entry }) => entry);
    await pauseWithJitter(attempt);
  }
}

/** Makes an entry for an event of our own. */
export function ownEntry(bus: string, type: string, detail: unknown): BusEntry {
  return { EventBusName: bus, Source: OWN_SOURCE, DetailType: type, Detail: JSON.stringify(detail) };
}

/** Makes the entry of a step event, which the rules of the actions match. */
export function stepEntry(bus: string, slip: Slip): BusEntry {
  return ownEntry(bus, 'token.action', slip);
}

export function outcomeEntry(bus: string, outcome: Outcome): BusEntry {
  return ownEntry(bus, `token.action.${outcome.status}`, outcome);
}
