import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemOf, recordOf } from '../../lib/token/item.ts';
import {
  addEntry,
  DEFAULT_LEDGER_LIMITS,
  decodeLedger,
  encodeLedger,
  type LedgerEntry,
  stepHash,
} from '../../lib/token/ledger.ts';
import { newRecord } from '../../lib/token/record.ts';
import { decodeStamp, encodeStamp } from '../../lib/token/stamp.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const DAY = 86_400_000;

const entry = (age: number, name = `step-${age}`): LedgerEntry => ({ step: stepHash(name), time: NOW - age });

describe('addEntry', () => {
  it('keeps the newest 20 however old they are', () => {
    const ledger = Array.from({ length: 19 }, (_, i) => entry(10 * DAY + i));
    expect(addEntry(ledger, entry(9 * DAY), NOW)).toMatchObject({ lowWatermark: null, ledger: { length: 20 } });
  });

  it('drops by age beyond the newest 20, and says how far the ledger reaches', () => {
    const ledger = Array.from({ length: 25 }, (_, i) => entry(10 * DAY - i * 1000, `old-${i}`)).reverse();
    const { ledger: left, lowWatermark } = addEntry(ledger, entry(0), NOW);
    expect(left).toHaveLength(20);
    expect(lowWatermark).toBe(NOW - 10 * DAY + 5 * 1000);
  });

  it('keeps every entry that is younger than the age', () => {
    const ledger = Array.from({ length: 300 }, (_, i) => entry(i * 1000, `young-${i}`));
    expect(addEntry(ledger, entry(0), NOW)).toMatchObject({ lowWatermark: null, ledger: { length: 301 } });
  });

  it('drops at most 100 in one write', () => {
    const ledger = Array.from({ length: 400 }, (_, i) => entry(10 * DAY + i, `old-${i}`));
    expect(addEntry(ledger, entry(0), NOW).ledger).toHaveLength(301);
  });

  it('drops by number only above the hard cap, from the definition that has most, and raises the low watermark of that definition alone', () => {
    const flood = Array.from({ length: 499 }, (_, i) => ({ ...entry(i, `flood-${i}`), definition: 1 }));
    const honest = { ...entry(2000, 'honest'), definition: 2 };
    const grown = addEntry([honest, ...flood], { ...entry(0, 'new'), definition: 3 }, NOW);
    expect(grown.ledger).toHaveLength(DEFAULT_LEDGER_LIMITS.hardCap);
    expect(grown.ledger).toContainEqual(honest);
    expect(grown).toMatchObject({ lowWatermark: null, definitionWatermarks: { 1: NOW - 498 } });
  });

  it("never drops a definition's newest 20 by number", () => {
    const definitions = Array.from({ length: 26 }, (_, definition) => definition);
    const ledger = definitions.flatMap((definition) =>
      Array.from({ length: 20 }, (_, i) => ({ ...entry(i, `${definition} ${i}`), definition })),
    );
    expect(addEntry(ledger, { ...entry(0, 'new'), definition: 30 }, NOW)).toMatchObject({
      ledger: { length: 521 },
      definitionWatermarks: {},
    });
  });

  it('an increment that is dropped by number goes on counting', () => {
    const by = (i: number) => ({ attribute: stepHash('failcount'), by: 1, stamp: stampOf(i) });
    const stampOf = (i: number) => ({ time: NOW - 1000 + i, ordering: 0, definition: 1, event: `e${i}` });
    const counted = (i: number) => ({ step: stepHash(`${i}`), time: NOW - 1000 + i, definition: 1, delta: by(i) });
    const ledger = Array.from({ length: 600 }, (_, i) => counted(i)).reduce<readonly LedgerEntry[]>(
      (all, one) => addEntry(all, one, NOW).ledger,
      [],
    );
    expect(ledger).toHaveLength(500);
    expect(ledger.reduce((sum, { delta }) => sum + (delta?.by ?? 0), 0)).toBe(600);
  });

  it('never drops the entry that is just added, however old its event is', () => {
    const oldest = entry(20 * DAY, 'late');
    const ledger = Array.from({ length: 25 }, (_, i) => entry(10 * DAY + i, `old-${i}`));
    expect(addEntry(ledger, oldest, NOW)).toMatchObject({ lowWatermark: null, ledger: { length: 26, 0: oldest } });
  });

  it('drops what is older than the entry that is just added, and no more', () => {
    const added = entry(10 * DAY, 'late');
    const older = [entry(12 * DAY), entry(11 * DAY)];
    const younger = Array.from({ length: 25 }, (_, i) => entry(9 * DAY - i, `old-${i}`));
    const { ledger, lowWatermark } = addEntry([...older, ...younger], added, NOW);
    expect(ledger).toHaveLength(26);
    expect(ledger[0]).toEqual(added);
    expect(lowWatermark).toBe(NOW - 11 * DAY);
  });
});

const stamp = fc.record({
  time: fc.integer({ min: 0, max: 253_402_300_799_999 }),
  ordering: fc.integer(),
  definition: fc.nat(),
  event: fc.oneof(fc.uuid(), fc.string({ minLength: 1 })),
});

describe('packing', () => {
  it('brings every stamp back as it was', () => {
    fc.assert(
      fc.property(stamp, (one) => {
        expect(decodeStamp(encodeStamp(one))).toEqual(one);
      }),
    );
  });

  it('brings every ledger back as it was', () => {
    const delta = fc.record({ attribute: fc.string().map(stepHash), by: fc.maxSafeInteger(), stamp });
    const entries = fc.array(
      fc.record({
        step: fc.string().map(stepHash),
        time: fc.nat(),
        definition: fc.option(fc.nat(), { nil: undefined }),
        delta: fc.option(delta, { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(entries, (given) => {
        const ledger = given.map(({ step, time, definition, delta: one }) => {
          if (!one) return { step, time, ...(definition === undefined ? {} : { definition }) };
          const delta = { ...one, stamp: { ...one.stamp, time } };
          return { step, time, definition: delta.stamp.definition, delta };
        });
        expect(decodeLedger(encodeLedger(ledger))).toEqual(ledger);
      }),
    );
  });
});

describe('an item of the release before definitions were kept', () => {
  it('is read, and its entries are dropped by age alone', () => {
    const packed = Buffer.from('00112233445566770195b8f8ff1000'.repeat(3), 'hex');
    const ledger = decodeLedger(packed);
    expect(ledger).toHaveLength(3);
    expect(ledger[0]).toEqual({ step: '0011223344556677', time: 0x0195b8f8ff10 });
    const many = Array.from({ length: 500 }, (_, i) => entry(i, `old-${i}`));
    expect(addEntry(many, { ...entry(0), definition: 1 }, NOW)).toMatchObject({
      definitionWatermarks: {},
      ledger: { length: 501 },
    });
  });
});

describe('the item of a typical token', () => {
  const uuid = (i: number) => `6f1c0b52-5a30-4f0e-9d2f-${String(i).padStart(12, '0')}`;
  const typical = {
    ...newRecord({
      serial: 'TOTP0001A2B3',
      tokentype: 'totp',
      description: 'enrolled 2026-03-15 from 10.0.0.1',
      user: { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' },
      info: {
        hashlib: 'sha1',
        timeStep: '30',
        timeWindow: '180',
        validity_period_end: '2026-04-14T10:20+0000',
        last_auth: '2026-03-15 10:20',
      },
    }),
    version: 120,
    ledger: Array.from({ length: 20 }, (_, i) => ({ ...entry(i * 60_000), definition: i % 7 })),
    stamps: Object.fromEntries(
      ['active', 'failcount', 'description', 'info.validity_period_start', 'info.validity_period_end'].map(
        (path, i) => [path, { time: NOW, ordering: 1, definition: 3, event: uuid(i) }],
      ),
    ),
  };

  it('stays within one billed write unit', () => {
    expect(sizeOf(itemOf(typical))).toBeLessThan(1024);
  });

  it('comes back as it was', () => {
    expect(recordOf(itemOf(typical))).toEqual(typical);
  });
});

/** DynamoDB's rule: names and values in bytes, numbers about half a byte a digit, 3 bytes a map or list and 1 an element. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return 3 + value.reduce<number>((sum, one) => sum + 1 + sizeOf(one), 0);
  if (value === null || typeof value !== 'object') return 1;
  return Object.entries(value).reduce((sum, [key, one]) => sum + Buffer.byteLength(key) + 1 + sizeOf(one), 3);
}
