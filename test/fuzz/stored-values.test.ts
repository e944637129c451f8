/**
 * Verifies passwords of arbitrary stored tokens: nothing is accepted if a value cannot be read, and only typed errors are
 * thrown.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenwrightError } from '../../lib/base/error.ts';
import { readStored } from '../../lib/text/stored-value.ts';
import { newRecord } from '../../lib/token/record.ts';
import { tokenTypes } from '../../lib/tokentype/catalogue.ts';
import { passwordAt } from '../../lib/tokentype/one-time-password.ts';
import { storedByAll, verifyPassword } from '../../lib/tokentype/verify-password.ts';
import { fuzz, TIMEOUT } from './runs.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const KEY = Buffer.from('12345678901234567890');
/** One token type for each way to compute passwords from the key. */
const GOOD = [
  String(KEY),
  ...[0, Math.floor(NOW / 30_000), Math.floor(NOW / 86_400_000)].map((count) => passwordAt(KEY, count, 6, 'sha1')),
];

/** Values in place of a number, a date or a word. */
const value = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '1',
    '-1',
    '30',
    '60',
    '-600.0',
    '1e3',
    '86400',
    '9007199254740993',
    'NaN',
    'None',
    'sha1',
  ),
  fc.constantFrom('md5', 'SHA512', '24h', '2099-01-01T00:00+0000', '31/12/20 23:59', 'ff', 'zz', '\u0000', '1,000'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const whole = fc.oneof(fc.constantFrom(0, 1, 6, 8, 2 ** 31, Number.MAX_SAFE_INTEGER, -1), fc.integer());

it.each(tokenTypes.map((type) => [type.name, type] as const))('%s', { timeout: TIMEOUT }, async (name, type) => {
  const kinds = { ...storedByAll('UTC'), ...type.stored };
  // These are read only if there is a limit.
  const { count_auth: _, count_auth_success: __, ...always } = kinds;
  const keys = [...Object.keys(kinds), 'anything', '__proto__'];
  const token = fc.record({
    info: fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 4 }),
    secret: fc.oneof({ weight: 3, arbitrary: fc.constant(KEY) }, fc.uint8Array({ maxLength: 40 })),
    password: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...GOOD) },
      fc.string({ maxLength: 10 }),
      fc.constantFrom('', '００００００'),
    ),
    count: fc.oneof(fc.constant(0), whole),
    count_window: whole,
    otplen: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(6, KEY.length) }, whole),
    positions: fc.option(fc.array(whole, { maxLength: 3 }), { nil: undefined }),
    now: fc.oneof(
      { weight: 3, arbitrary: fc.constant(NOW) },
      fc.constantFrom(0, -1, 8.64e15),
      fc.integer({ min: 0, max: 4e12 }),
    ),
  });
  await fuzz(`stored/${name}`, token, 200, async (given) => {
    const { secret, password, positions, now, ...state } = given;
    const record = newRecord({ serial: 'T1', tokentype: name, otpkey: new Uint8Array(1), ...state });
    const how = { box: { open: async () => secret }, now, timezone: 'UTC', ...(positions ? { positions } : {}) };
    const isUnreadable = Object.entries(always).some(
      ([key, kind]) => !isReadable(() => readStored(state.info, key, kind)),
    );
    const verified = await verifyPassword(record, password, how).catch((error: unknown) => {
      expect(error).toBeInstanceOf(TokenwrightError);
      return { accepted: false };
    });
    if (isUnreadable) expect(verified.accepted).toBe(false);
  });
});

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'unreadable_value' });
    return false;
  }
}
