/**
 * The ledger: the steps that were applied to a token, kept on the token's own item, so that one
 * conditional write makes a step's effect exactly-once (DESIGN section 1).
 *
 *   dropped ........ floor | kept by number (20) .... | kept by age (4 days) ........... now
 *   refused: too_old       | in the ledger: done; not in the ledger: not applied yet
 *
 * An entry is a short hash of the step's id and the event's time; an increment's keeps its delta and
 * stamp too, because an older assignment that arrives later must add the increments after it again.
 */
import { createHash } from 'node:crypto';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readStampOrder, type Stamp, writeStampOrder } from './stamp.ts';

/** An increment, as the ledger remembers it. */
export interface Delta {
  /** `attributeHash` of what it changed. */
  readonly attribute: string;
  readonly by: number;
  readonly stamp: Stamp;
}

export interface LedgerEntry {
  /** `stepHash` of the step's id. */
  readonly step: string;
  /** When the step's event occurred, in milliseconds since 1970. */
  readonly time: number;
  readonly delta?: Delta;
}

export interface LedgerLimits {
  /** Entries of events older than this go, in milliseconds. */
  readonly maxAge: number;
  /** The newest so many stay, however old. */
  readonly keepNewest: number;
  readonly dropAtOnce: number;
  /** Above this number the oldest go, however young. */
  readonly hardCap: number;
}

export const DEFAULT_LEDGER_LIMITS: LedgerLimits = {
  maxAge: 4 * 86_400_000,
  keepNewest: 20,
  dropAtOnce: 100,
  hardCap: 500,
};

/** The first 64 bits of a hash, as hex: what a ledger entry keeps of a step's id. */
export function stepHash(stepId: string): string {
  return shortHash(stepId);
}

/** Whether a step is in the ledger. */
export function hasStep(ledger: readonly LedgerEntry[], stepId: string): boolean {
  const hash = stepHash(stepId);
  return ledger.some(({ step }) => step === hash);
}

/** What a delta keeps of its attribute: a tokeninfo key may be long. */
export function attributeHash(attribute: string): string {
  return shortHash(attribute);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * The ledger with one more entry, oldest event first, and what fell out.
 *
 * @param now the writer's clock, in milliseconds since 1970
 * @returns `floor`: the newest event time among the dropped entries, if any
 */
export function addEntry(
  ledger: readonly LedgerEntry[],
  entry: LedgerEntry,
  now: number,
  limits: LedgerLimits = DEFAULT_LEDGER_LIMITS,
): { readonly ledger: readonly LedgerEntry[]; readonly floor: number | null } {
  const all = [...ledger, entry].sort((a, b) => a.time - b.time || (a.step < b.step ? -1 : 1));
  const oldest = now - limits.maxAge;
  const spare = Math.max(0, all.length - limits.keepNewest);
  const aged = all.slice(0, spare).filter(({ time }) => time < oldest).length;
  const over = Math.max(0, all.length - limits.hardCap);
  // Never the new one, however old its event is: its own redelivery has to find it.
  const older = all.indexOf(entry);
  const drop = Math.min(Math.max(aged, over), limits.dropAtOnce, older);
  const last = all[drop - 1];
  return { ledger: all.slice(drop), floor: last ? last.time : null };
}

/** Packs a ledger: 15 bytes an entry, some 27 more for an increment. */
export function encodeLedger(ledger: readonly LedgerEntry[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { step, time, delta } of ledger) {
    writer.raw(Buffer.from(step, 'hex'));
    writer.uint48(time);
    writer.integer(delta ? 1 : 0);
    if (!delta) continue;
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
    if (reader.integer() === 0) {
      ledger.push({ step, time });
      continue;
    }
    const attribute = Buffer.from(reader.raw(8)).toString('hex');
    const by = reader.integer();
    ledger.push({ step, time, delta: { attribute, by, stamp: { time, ...readStampOrder(reader) } } });
  }
  return ledger;
}
