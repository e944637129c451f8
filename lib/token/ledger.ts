/**
 * The ledger: the steps that were applied to a token, kept on the token's own item, so that one conditional write makes
 * a step's effect exactly-once.
 *
 *   dropped by age .. low watermark | kept ................................................. now
 *   refused: too_old                | in the ledger: done; not in the ledger: not applied yet
 *
 * Only age moves the low watermark. Entries above the hard cap are dropped from the definition that has most of them, which
 * raises the watermark of only that definition: many steps of one definition never cause a step of another to be refused.
 *
 * An entry consists of a short hash of the step's id, the time of its event and its definition. The entry of an increment has
 * its delta and stamp too, because an older assignment that arrives late must add younger increments again.
 */
import { createHash } from 'node:crypto';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readStampOrder, type Stamp, writeStampOrder } from './stamp.ts';

/** An increment in the ledger. */
export interface Delta {
  /** `attributeHash` of the changed attribute. */
  readonly attribute: string;
  readonly by: number;
  readonly stamp: Stamp;
}

export interface LedgerEntry {
  /** `stepHash` of the step's id. */
  readonly step: string;
  /** When the step's event occurred, in milliseconds since 1970. */
  readonly time: number;
  /** The definition's id, 0 without one; absent in entries of a release that did not keep it. */
  readonly definition?: number;
  readonly delta?: Delta;
}

/** The newest event time among the entries dropped by number, by definition id. */
export type Watermarks = Readonly<Record<string, number>>;

export interface LedgerLimits {
  /** Entries of events older than this are dropped, in milliseconds. */
  readonly maxAge: number;
  /** This many of the newest entries are kept, however old. */
  readonly keepNewest: number;
  readonly dropAtOnce: number;
  /** Above this number, the oldest entries of the definition with most entries are dropped, but not its newest `keepNewest`. */
  readonly hardCap: number;
}

export const DEFAULT_LEDGER_LIMITS: LedgerLimits = {
  maxAge: 4 * 86_400_000,
  keepNewest: 20,
  dropAtOnce: 100,
  hardCap: 500,
};

/** Shortens a step's id for the ledger: the first 64 bits of its SHA-256, as hex. */
export function stepHash(stepId: string): string {
  return shortHash(stepId);
}

/** Tells whether a step is in the ledger. */
export function hasStep(ledger: readonly LedgerEntry[], stepId: string): boolean {
  const hash = stepHash(stepId);
  return ledger.some(({ step }) => step === hash);
}

/** Shortens an attribute's name for a delta: a tokeninfo key may be long. */
export function attributeHash(attribute: string): string {
  return shortHash(attribute);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** A ledger after adding an entry. */
export interface Grown {
  readonly ledger: readonly LedgerEntry[];
  /** The newest event time among the entries dropped by age, if any. */
  readonly lowWatermark: number | null;
  /** The watermarks of definitions whose entries were dropped by number. */
  readonly definitionWatermarks: Watermarks;
}

/**
 * Adds an entry in the order of event times, and drops old ones; never the new entry itself, however old its event is, since
 * a redelivery of its step has to find it.
 *
 * @param now the writer's clock, in milliseconds since 1970
 */
export function addEntry(
  ledger: readonly LedgerEntry[],
  entry: LedgerEntry,
  now: number,
  limits: LedgerLimits = DEFAULT_LEDGER_LIMITS,
): Grown {
  const all = [...ledger, entry].sort((a, b) => a.time - b.time || (a.step < b.step ? -1 : 1));
  const oldest = now - limits.maxAge;
  const spare = Math.max(0, all.length - limits.keepNewest);
  const aged = all.slice(0, spare).filter(({ time }) => time < oldest).length;
  const drop = Math.min(aged, limits.dropAtOnce, all.indexOf(entry));
  const lowWatermark = all[drop - 1]?.time ?? null;
  return { lowWatermark, ...dropByNumber(all.slice(drop), entry, limits, limits.dropAtOnce - drop) };
}

/** Drops entries above the hard cap. @param most the most entries to drop */
function dropByNumber(
  ledger: readonly LedgerEntry[],
  added: LedgerEntry,
  { hardCap, keepNewest }: LedgerLimits,
  most: number,
): Pick<Grown, 'ledger' | 'definitionWatermarks'> {
  let left = ledger;
  const watermarks: Record<string, number> = {};
  for (let dropped = 0; left.length > hardCap && dropped < most; dropped += 1) {
    const crowd = largestCrowd(left, keepNewest);
    const first = crowd.find((entry) => entry !== added);
    if (first?.definition === undefined) break;
    watermarks[first.definition] = Math.max(first.time, watermarks[first.definition] ?? 0);
    left = withDelta(
      left.filter((entry) => entry !== first),
      first,
    );
  }
  return { ledger: left, definitionWatermarks: watermarks };
}

/** Returns the entries of the definition that has most of them, without its newest `keepNewest`. */
function largestCrowd(ledger: readonly LedgerEntry[], keepNewest: number): readonly LedgerEntry[] {
  const crowds = new Map<number, LedgerEntry[]>();
  for (const entry of ledger) {
    if (entry.definition === undefined) continue;
    const crowd = crowds.get(entry.definition);
    if (crowd) crowd.push(entry);
    else crowds.set(entry.definition, [entry]);
  }
  const [largest = []] = [...crowds.values()].sort((a, b) => b.length - a.length);
  return largest.slice(0, -keepNewest);
}

/** Adds a dropped increment to the next one of the same definition and attribute, so that it still counts. */
function withDelta(
  ledger: readonly LedgerEntry[],
  { definition, delta: dropped }: LedgerEntry,
): readonly LedgerEntry[] {
  if (!dropped) return ledger;
  const heir = ledger.find((one) => one.definition === definition && one.delta?.attribute === dropped.attribute);
  if (!heir?.delta) return ledger;
  const delta = { ...heir.delta, by: heir.delta.by + dropped.by };
  return Number.isSafeInteger(delta.by) ? ledger.map((one) => (one === heir ? { ...one, delta } : one)) : ledger;
}

const [UNKNOWN, INCREMENT, OTHER] = [0, 1, 2];

/** Packs a ledger: 16 bytes per entry, about 27 more for an increment. */
export function encodeLedger(ledger: readonly LedgerEntry[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { step, time, definition, delta } of ledger) {
    writer.raw(Buffer.from(step, 'hex'));
    writer.uint48(time);
    writer.integer(delta ? INCREMENT : definition === undefined ? UNKNOWN : OTHER);
    if (!delta) {
      if (definition !== undefined) writer.integer(definition);
      continue;
    }
    writer.raw(Buffer.from(delta.attribute, 'hex'));
    writer.integer(delta.by);
    writeStampOrder(writer, delta.stamp);
  }
  return writer.bytes();
}

export function decodeLedger(bytes: Uint8Array): LedgerEntry[] {
  const reader = new ByteReader(bytes);
  const ledger: LedgerEntry[] = [];
  while (!reader.done) {
    const step = Buffer.from(reader.raw(8)).toString('hex');
    const time = reader.uint48();
    const kind = reader.integer();
    if (kind !== INCREMENT) {
      ledger.push({ step, time, ...(kind === OTHER ? { definition: reader.integer() } : {}) });
      continue;
    }
    const attribute = Buffer.from(reader.raw(8)).toString('hex');
    const by = reader.integer();
    const stamp = { time, ...readStampOrder(reader) };
    ledger.push({ step, time, definition: stamp.definition, delta: { attribute, by, stamp } });
  }
  return ledger;
}

/** Packs the watermarks of definitions: about 8 bytes each. */
export function encodeWatermarks(watermarks: Watermarks): Uint8Array {
  const writer = new ByteWriter();
  for (const [definition, time] of Object.entries(watermarks)) {
    writer.integer(Number(definition));
    writer.uint48(time);
  }
  return writer.bytes();
}

export function decodeWatermarks(bytes: Uint8Array): Watermarks {
  const reader = new ByteReader(bytes);
  const watermarks: Record<string, number> = {};
  while (!reader.done) watermarks[reader.integer()] = reader.uint48();
  return watermarks;
}
