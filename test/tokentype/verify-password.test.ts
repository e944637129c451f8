/** The state of a token is checked before its password. A token with an unreadable state is refused by name. */
import { expect, it } from 'vitest';
import { newRecord } from '../../lib/token/record.ts';
import { verifyPassword } from '../../lib/tokentype/verify-password.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const KEY = Buffer.from('12345678901234567890');
const box = { open: async () => KEY };
const FIRST = '755224';

function verify(given: Partial<Parameters<typeof newRecord>[0]>, password = FIRST, timezone = 'UTC') {
  const record = newRecord({ serial: 'OATH1', tokentype: 'hotp', otpkey: new Uint8Array(1), ...given });
  return verifyPassword(record, password, { box, now: NOW, timezone });
}

it('accepts the first password of a token that nothing speaks against', async () => {
  expect(await verify({})).toEqual({ accepted: true, next: { count: 1 } });
});

it.each<Record<string, string>>([
  { validity_period_end: '31/12/20 23:59' },
  { validity_period_end: 'soon' },
  { validity_period_start: '31.13.2099' },
  { hashlib: 'md5' },
  { count_auth_max: 'three' },
  { count_auth_success_max: '-1' },
  { count_auth_max: '3', count_auth: '?' },
])('refuses %o, and names what cannot be read', async (info) => {
  const [key = ''] = Object.keys(info).slice(-1);
  expect(await verify({ info })).toMatchObject({
    accepted: false,
    code: 'unreadable_value',
    path: `info.${key}`,
    message: expect.stringContaining(key),
  });
});

it.each([
  [{ validity_period_end: '31.12.2020' }, 'no_longer_valid'],
  [{ validity_period_start: '31.12.2099' }, 'not_yet_valid'],
  [{ count_auth_max: '3', count_auth: '3' }, 'auth_count_exceeded'],
  [{ count_auth_success_max: '1', count_auth_success: '1' }, 'auth_count_exceeded'],
])('refuses %o', async (info, code) => {
  expect(await verify({ info })).toMatchObject({ accepted: false, code });
});

it.each<Record<string, string>>([
  { count_auth_max: '3', count_auth: '2' },
  { count_auth_max: '0', count_auth: '9' },
  { count_auth_max: '', count_auth: '9' },
  { validity_period_start: '2026-03-15T10:20+0000', validity_period_end: ' ' },
  { hashlib: 'SHA1' },
])('accepts %o', async (info) => {
  expect(await verify({ info })).toMatchObject({ accepted: true });
});

it('takes a validity period without a zone in the zone of the stack', async () => {
  const info = { validity_period_end: '2026-03-15 11:00' };
  expect(await verify({ info })).toMatchObject({ accepted: true });
  expect(await verify({ info }, FIRST, 'Europe/Berlin')).toMatchObject({ code: 'no_longer_valid' });
});

it.each(['clientwait', 'verify'])('refuses a token in the rollout state %s', async (rollout_state) => {
  expect(await verify({ rollout_state })).toMatchObject({ accepted: false, code: 'not_yet_enrolled' });
});

it.each(['pw', 'applspec', 'registration'])(
  'does not take the empty password for a %s without a secret',
  async (type) => {
    await expect(verify({ tokentype: type, otpkey: null, otplen: 0 }, '')).rejects.toMatchObject({ code: 'no_secret' });
    const open = async () => new Uint8Array();
    const record = newRecord({ serial: 'PW1', tokentype: type, otpkey: new Uint8Array(1), otplen: 0 });
    const result = await verifyPassword(record, '', { box: { open }, now: NOW, timezone: 'UTC' });
    expect(result).toMatchObject({ accepted: false, code: 'wrong_password' });
  },
);
