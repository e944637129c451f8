import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { passwordAt } from '../../lib/tokentype/one-time-password.ts';
import type { PasswordState } from '../../lib/tokentype/token-type.ts';
import { daypassword } from '../../lib/tokentype/types/daypassword.ts';
import { hotp } from '../../lib/tokentype/types/hotp.ts';
import { motp, motpSecret } from '../../lib/tokentype/types/motp.ts';
import { totp } from '../../lib/tokentype/types/totp.ts';

const SHA1_KEY = Buffer.from('12345678901234567890');
const KEYS = {
  sha1: SHA1_KEY,
  sha256: Buffer.from('12345678901234567890123456789012'),
  sha512: Buffer.from('1234567890123456789012345678901234567890123456789012345678901234'),
} as const;

const fresh: PasswordState = { count: 0, count_window: 10, otplen: 6, info: {} };

describe('hotp', () => {
  // RFC 4226, appendix D
  const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];

  it.each(codes.map((code, counter) => ({ code, counter })))('counter $counter of RFC 4226 is $code', (row) => {
    expect(passwordAt(SHA1_KEY, row.counter, 6, 'sha1')).toBe(row.code);
    expect(hotp.verify(SHA1_KEY, { ...fresh, count: row.counter }, row.code, 0)).toEqual({ count: row.counter + 1 });
  });

  it('accepts a password ahead within the window, and counts on from there', () => {
    expect(hotp.verify(SHA1_KEY, fresh, '520489', 0)).toEqual({ count: 10 });
    expect(hotp.verify(SHA1_KEY, { ...fresh, count_window: 9 }, '520489', 0)).toBeNull();
  });

  it('accepts no password twice, and none before one that was used', () => {
    expect(hotp.verify(SHA1_KEY, { ...fresh, count: 3 }, '359152', 0)).toBeNull();
    expect(hotp.verify(SHA1_KEY, { ...fresh, count: 3 }, '755224', 0)).toBeNull();
  });

  it.each(['', '75522', '7552245', '75522a', ' 755224', '７５５２２４'])(
    'refuses "%s", which is no password',
    (text) => {
      expect(hotp.verify(SHA1_KEY, fresh, text, 0)).toBeNull();
    },
  );

  it('takes the short key of a hardware token', () => {
    const key = Buffer.from('31323334', 'hex');
    expect(hotp.verify(key, fresh, passwordAt(key, 0, 6, 'sha1'), 0)).toEqual({ count: 1 });
  });
});

describe('totp', () => {
  // RFC 6238, appendix B
  const rows = [
    { seconds: 59, sha1: '94287082', sha256: '46119246', sha512: '90693936' },
    { seconds: 1111111109, sha1: '07081804', sha256: '68084774', sha512: '25091201' },
    { seconds: 1111111111, sha1: '14050471', sha256: '67062674', sha512: '99943326' },
    { seconds: 1234567890, sha1: '89005924', sha256: '91819424', sha512: '93441116' },
    { seconds: 2000000000, sha1: '69279037', sha256: '90698825', sha512: '38618901' },
    { seconds: 20000000000, sha1: '65353130', sha256: '77737706', sha512: '47863826' },
  ] as const;
  const cases = rows.flatMap((row) =>
    (['sha1', 'sha256', 'sha512'] as const).map((hashlib) => ({ seconds: row.seconds, hashlib, code: row[hashlib] })),
  );

  it.each(cases)('at $seconds with $hashlib RFC 6238 has $code', ({ seconds, hashlib, code }) => {
    const state = { ...fresh, otplen: 8, info: { hashlib, timeStep: '30', timeWindow: '0' } };
    const step = Math.floor(seconds / 30);
    expect(totp.verify(KEYS[hashlib], state, code, seconds * 1000)).toMatchObject({ count: step });
  });

  const state = { ...fresh, otplen: 8, info: { hashlib: 'sha1', timeStep: '30', timeWindow: '60', timeShift: '0' } };

  it('accepts no password twice, and counts the last used step', () => {
    const used = totp.verify(SHA1_KEY, state, '89005924', 1234567890_000);
    expect(used).toEqual({ count: 41152263, info: { timeShift: '0.0' } });
    expect(totp.verify(SHA1_KEY, { ...state, count: 41152263 }, '89005924', 1234567890_000)).toBeNull();
    expect(totp.verify(SHA1_KEY, { ...state, count: 41152263 }, '89005924', 1234567860_000)).toBeNull();
    expect(totp.verify(SHA1_KEY, { ...state, count: 41152262 }, '89005924', 1234567890_000)).not.toBeNull();
  });

  it('takes a clock that is off by its window, remembers by how much, and no more', () => {
    const expected = (timeShift: string) => ({ count: 41152263, info: { timeShift } });
    expect(totp.verify(SHA1_KEY, state, '89005924', 1234567949_000)).toEqual(expected('-59.0'));
    expect(totp.verify(SHA1_KEY, state, '89005924', 1234567907_000)).toEqual(expected('-17.0'));
    expect(totp.verify(SHA1_KEY, state, '89005924', 1234567980_000)).toBeNull();
    expect(totp.verify(SHA1_KEY, state, '89005924', 1234567860_000)).toEqual(expected('30.0'));
    expect(totp.verify(SHA1_KEY, state, '89005924', 1234567859_000)).toBeNull();
    const shifted = { ...state, info: { ...state.info, timeShift: '-300.0' } };
    expect(totp.verify(SHA1_KEY, shifted, '89005924', 1234567890_000 + 300_000)).toEqual(expected('-300.0'));
  });

  it('takes the window of a day that the manual recommends for the first synchronisation', () => {
    const wide = { ...state, info: { ...state.info, timeWindow: '86400' } };
    expect(totp.verify(SHA1_KEY, wide, '89005924', 1234567890_000 + 86_400_000)).toEqual({
      count: 41152263,
      info: { timeShift: '-86400.0' },
    });
    expect(totp.verify(SHA1_KEY, wide, '89005924', 1234567890_000 + 86_430_000)).toBeNull();
  });

  it('never stores a drift of more than a day', () => {
    const drifting = { ...state, info: { ...state.info, timeShift: '-86400' } };
    expect(totp.verify(SHA1_KEY, drifting, '89005924', 1234567890_000 + 86_430_000)).toMatchObject({
      info: { timeShift: '-86400.0' },
    });
  });

  it.each([
    ['hashlib', 'md5'],
    ['timeStep', '0'],
    ['timeStep', '30.5'],
    ['timeWindow', '180s'],
    ['timeShift', 'soon'],
  ])('refuses an unreadable value by name: %s %s', (key, value) => {
    const unreadable = { ...state, info: { ...state.info, [key]: value } };
    expect(() => totp.verify(SHA1_KEY, unreadable, '89005924', 1234567890_000)).toThrow(
      expect.objectContaining({ code: 'unreadable_value', details: expect.objectContaining({ path: `info.${key}` }) }),
    );
  });

  it('does not take a password of another time step length', () => {
    expect(
      totp.verify(SHA1_KEY, { ...state, info: { ...state.info, timeStep: '60' } }, '89005924', 1234567890_000),
    ).toBeNull();
  });
});

describe('motp', () => {
  // Published: the vectors of the authenticator app Aegis
  it.each([
    [165892298, 'e7d8b6', '1234', 'e3152afee62599c8'],
    [123456789, '4ebfb2', '1234', 'e3152afee62599c8'],
    [1659540020, 'ced7b1', '9999', 'bbb1912bb5c515be'],
    [1659540022, 'ced7b1', '9999', 'bbb1912bb5c515be'],
    [1659539870, '1a14f8', '9999', 'bbb1912bb5c515be'],
    [1659539878, '1a14f8', '9999', 'bbb1912bb5c515be'],
  ])('at %i has %s', (seconds, code, pin, key) => {
    const secret = motpSecret(Buffer.from(key, 'hex'), pin);
    const count = Math.floor(seconds / 10);
    expect(motp.verify(secret, fresh, code, seconds * 1000)).toEqual({ count });
    expect(motp.verify(secret, { ...fresh, count }, code, seconds * 1000)).toBeNull();
    expect(motp.verify(secret, { ...fresh, count: count - 1 }, code, seconds * 1000)).toEqual({ count });
    expect(motp.verify(secret, fresh, code.toUpperCase(), seconds * 1000)).toBeNull();
    // Twenty steps to either side at a count window of 10, the last one ahead is the nineteenth.
    expect(motp.verify(secret, fresh, code, (count + 20) * 10_000)).toEqual({ count });
    expect(motp.verify(secret, fresh, code, (count + 21) * 10_000)).toBeNull();
    expect(motp.verify(secret, fresh, code, (count - 19) * 10_000)).toEqual({ count });
    expect(motp.verify(secret, fresh, code, (count - 20) * 10_000)).toBeNull();
    expect(motp.verify(motpSecret(Buffer.from(key, 'hex'), '0000'), fresh, code, seconds * 1000)).toBeNull();
  });
});

describe('daypassword', () => {
  it('takes a step as privacyIDEA keeps it', () => {
    const state = { ...fresh, info: { timeStep: '12h' } };
    const code = passwordAt(SHA1_KEY, 41_054, 6, 'sha1');
    expect(daypassword.verify(SHA1_KEY, state, code, 41_054 * 43_200_000)).toEqual({ count: 41_054 });
  });

  it('is good for its whole day, again and again, and not the day after', () => {
    const state = { ...fresh, info: { hashlib: 'sha1', timeStep: '86400' } };
    const day = 20_527;
    const code = passwordAt(SHA1_KEY, day, 6, 'sha1');
    expect(daypassword.verify(SHA1_KEY, state, code, day * 86_400_000)).toEqual({ count: day });
    expect(daypassword.verify(SHA1_KEY, state, code, (day + 1) * 86_400_000 - 1)).toEqual({ count: day });
    expect(daypassword.verify(SHA1_KEY, state, code, (day + 1) * 86_400_000)).toBeNull();
  });
});

function oathtool(...args: string[]): string | null {
  try {
    return execFileSync('oathtool', args, { encoding: 'utf8' }).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
const installed = oathtool('--version') !== null;

describe.runIf(installed)('what oathtool computes', () => {
  const hex = '00112233445566778899aabbccddeeff00112233';
  const secret = Buffer.from(hex, 'hex');

  it.each([
    ['sha1', 6, 30],
    ['sha256', 8, 30],
    ['sha512', 6, 60],
    ['sha512', 8, 60],
  ] as const)('is accepted: totp with %s, %i digits, every %i seconds', (hashlib, digits, step) => {
    const args = [`--totp=${hashlib}`, `--digits=${digits}`, `--time-step-size=${step}s`];
    const code = oathtool(...args, '--now=2026-03-15 10:20:30 UTC', hex) ?? '';
    const state = { ...fresh, otplen: digits, info: { hashlib, timeStep: String(step), timeWindow: '0' } };
    expect(totp.verify(secret, state, code, Date.parse('2026-03-15T10:20:30Z'))).not.toBeNull();
  });

  it('is accepted: hotp', () => {
    const code = oathtool('--counter=7', hex) ?? '';
    expect(hotp.verify(secret, fresh, code, 0)).toEqual({ count: 8 });
  });
});
