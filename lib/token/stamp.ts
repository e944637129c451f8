/**
 * A stamp tells which step assigned an attribute, so that the result depends on the events and not on the order in which a bus
 * delivers them. Stamps compare by the time of the event, then the definition's ordering and id, then the event's id.
 */
import { ByteReader, ByteWriter } from './bytes.ts';

export interface Stamp {
  /** When the event occurred, in milliseconds since 1970. */
  readonly time: number;
  readonly ordering: number;
  /** The definition's id; 0 without a definition. */
  readonly definition: number;
  /** The event's id. */
  readonly event: string;
}

/** The key of the stamp of a token's creation, which applies to every attribute that was not assigned since. */
export const BORN = '*';

/** Returns the stamp of an attribute, a set member or a whole set. */
export function stampAt(stamps: Readonly<Record<string, Stamp>>, path: string): Stamp | undefined {
  return stamps[path] ?? stamps[BORN];
}

/** Compares stamps: negative if `a` is older than `b`, positive if it is younger, 0 for the same step. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return (
    a.time - b.time ||
    a.ordering - b.ordering ||
    a.definition - b.definition ||
    (a.event < b.event ? -1 : a.event > b.event ? 1 : 0)
  );
}

/** Packs a stamp: about 26 bytes if the event's id is a UUID. */
export function encodeStamp(stamp: Stamp): Uint8Array {
  const writer = new ByteWriter();
  writer.uint48(stamp.time);
  writeStampOrder(writer, stamp);
  return writer.bytes();
}

export function decodeStamp(bytes: Uint8Array): Stamp {
  const reader = new ByteReader(bytes);
  const time = reader.uint48();
  return { time, ...readStampOrder(reader) };
}

/** Packs a stamp without its time, for ledger entries, which have the time already. */
export function writeStampOrder(writer: ByteWriter, stamp: Omit<Stamp, 'time'>): void {
  writer.integer(stamp.ordering);
  writer.integer(stamp.definition);
  if (UUID.test(stamp.event)) {
    writer.integer(0);
    writer.raw(Buffer.from(stamp.event.replaceAll('-', ''), 'hex'));
  } else {
    const id = Buffer.from(stamp.event);
    writer.integer(id.length);
    writer.raw(id);
  }
}

export function readStampOrder(reader: ByteReader): Omit<Stamp, 'time'> {
  const ordering = reader.integer();
  const definition = reader.integer();
  const length = reader.integer();
  const event = length === 0 ? formatUuid(reader.raw(16)) : Buffer.from(reader.raw(length)).toString();
  return { ordering, definition, event };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function formatUuid(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
