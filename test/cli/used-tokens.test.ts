/**
 * Imports tokens that were used elsewhere, from a file of each format: passwords that were used there stay used, the next one
 * is accepted, and a token that could never accept a password is refused by name.
 */
import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTokenFile } from '../../cli/import/formats.ts';
import { parseDocument } from '../../cli/input/read-file.ts';
import type { TokenRecord } from '../../lib/token/record.ts';
import { importToken } from '../../lib/tokentype/imported-token.ts';
import { passwordAt } from '../../lib/tokentype/one-time-password.ts';
import { verifyPassword } from '../../lib/tokentype/verify-password.ts';

const USED = join(import.meta.dirname, '..', 'vectors', 'used');
const used = (name: string) => readFile(join(USED, name), 'utf8');
const NOW = Date.parse('2026-03-15T10:20:30Z');
const KEY = Buffer.from('12345678901234567890');
const LONG_KEY = Buffer.from('12345678901234567890123456789012');
/** Seals nothing: what a secret comes to in the store is another test's business. */
const box = { seal: async (secret: Uint8Array) => secret, open: async (sealed: Uint8Array) => sealed };

const hotp = (counter: number): string => passwordAt(KEY, counter, 6, 'sha1');
const totp = (step: number): string => passwordAt(LONG_KEY, step, 6, 'sha256');
const motp = (step: number): string =>
  createHash('md5').update(`${step}0123456789abcdef0815`).digest('hex').slice(0, 6);
const STEP = Math.floor(NOW / 30_000);
/** The step of a clock that is a minute late. */
const LATE = STEP - 2;
const DAY = Math.floor(NOW / 86_400_000);

/** By serial: a password that is accepted, and one that was used, or never was one. */
const PASSWORDS: Readonly<Record<string, readonly [good: string, bad: string]>> = {
  OATH0001: [hotp(7), hotp(6)],
  TOTP0001: [totp(LATE), totp(LATE - 1)],
  TOTP0002: [totp(STEP), totp(STEP - 8)],
  TOTP0003: [totp(LATE), totp(LATE - 8)],
  PISM0001: [hotp(3), hotp(2)],
  PIEM0001: [hotp(3), hotp(2)],
  PPR0001: [hotp(2), hotp(1)],
  PIPW0001: ['correct horse', 'correct house'],
  APSP0001: ['applicationPW1', ''],
  DAYP0001: [hotp(DAY), hotp(DAY - 1)],
  PISP0001: ['4711', ''],
  PISP0002: ['', '4711'],
  PITN0001: ['654321', '111111'],
  PIMO0001: [motp(NOW / 10_000), motp(NOW / 10_000 - 1)],
};

/** Imports a file. @returns its tokens, its faults, and how each token answers to its two passwords */
async function imported(source: string, secret?: string) {
  const { format, rows } = await readTokenFile('file', source, undefined, secret);
  const records: TokenRecord[] = [];
  const errors: string[] = [];
  for await (const row of rows()) {
    if (row.ok) records.push(await importToken(row.token, box));
    else errors.push(...row.errors.map(({ code, details }) => `${code} ${details.path}`));
  }
  const verify = async (record: TokenRecord, password: string | undefined) =>
    (await verifyPassword(record, password ?? '', { box, now: NOW, timezone: 'UTC' })).accepted;
  const answers: unknown[] = [];
  for (const record of records) {
    const { serial } = record.token;
    const [good, bad] = PASSWORDS[serial] ?? [];
    answers.push([serial, await verify(record, good), await verify(record, bad)]);
  }
  return { format, errors, answers, tokens: new Map(records.map(({ token }) => [token.serial, token])) };
}

const asUsed = (...serials: string[]) => serials.map((serial) => [serial, true, false]);

/** Fernet, version 128, as its specification says it. */
function fernet(text: string, key: Buffer): string {
  const iv = Buffer.alloc(16, 'i');
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), iv);
  const head = Buffer.from('800000000069b6885e', 'hex');
  const signed = Buffer.concat([head, iv, cipher.update(text), cipher.final()]);
  const mac = createHmac('sha256', key.subarray(0, 16)).update(signed).digest();
  return Buffer.concat([signed, mac]).toString('base64url');
}

describe("privacyIDEA's export", () => {
  const SERIALS = 'OATH0001 TOTP0001 PISM0001 PIEM0001 PPR0001 PIPW0001 APSP0001 DAYP0001 PISP0002'.split(' ');
  /** TANs are hashes in it, the PIN of mOTP is not in it, and no password is checked for push. */
  const REFUSED = ['bad_token tokens[9].type', 'bad_token tokens[10].type', 'bad_token tokens[11].type'];

  it('as YAML', async () => {
    const { format, errors, answers, tokens } = await imported(await used('privacyidea.yaml'));
    expect({ format, errors, answers }).toEqual({
      format: 'privacyidea',
      errors: REFUSED,
      answers: asUsed(...SERIALS),
    });
    expect(tokens.get('OATH0001')).toMatchObject({ count: 7, count_window: 10, sync_window: 1000, maxfail: 10 });
    expect(tokens.get('PISM0001')?.info.phone).toBe('08912345678');
  });

  it('as `pi`, also with the line that it ends with on standard output', async () => {
    const key = Buffer.alloc(32, 'k');
    const document = await parseDocument('file', await used('privacyidea.yaml'));
    const source = fernet(JSON.stringify(document), key);
    for (const end of ['', '\n\nSuccessfully exported 12 tokens.\n']) {
      const { format, errors, answers } = await imported(source + end, key.toString('base64url'));
      expect({ format, errors, answers }).toEqual({
        format: 'privacyidea',
        errors: REFUSED,
        answers: asUsed(...SERIALS),
      });
    }
  });

  it('as PSKC, all in lower case', async () => {
    const { format, errors, answers } = await imported(await used('privacyidea.xml'));
    const expected = asUsed('OATH0001', 'TOTP0001', 'PIPW0001');
    expect({ format, errors, answers }).toEqual({ format: 'pskc', errors: [], answers: expected });
  });

  it('as CSV, which has no counters: its HOTP tokens are refused', async () => {
    const { format, errors, answers } = await imported(await used('privacyidea.csv'));
    const expected = { format: 'csv', errors: ['bad_token line 1.counter'], answers: asUsed('TOTP0002') };
    expect({ format, errors, answers }).toEqual(expected);
  });
});

it('OATH CSV', async () => {
  const { format, errors, answers } = await imported(await used('oath.csv'));
  expect({ format, errors, answers }).toEqual({ format: 'csv', errors: [], answers: asUsed('OATH0001', 'TOTP0002') });
});

it('PSKC of a vendor, whose drift is in steps', async () => {
  const { format, errors, answers, tokens } = await imported(await used('vendor.xml'));
  expect({ format, errors, answers }).toEqual({ format: 'pskc', errors: [], answers: asUsed('OATH0001', 'TOTP0003') });
  expect(tokens.get('TOTP0003')?.info).toMatchObject({ timeShift: '-60', hashlib: 'sha256' });
});

it.each(['YAML', 'JSON'])('a file of ours, as %s', async (form) => {
  const yaml = await used('ours.yaml');
  const source = form === 'YAML' ? yaml : JSON.stringify(await parseDocument('file', yaml));
  const { format, errors, answers, tokens } = await imported(source);
  expect({ format, errors }).toEqual({ format: 'tokenwright', errors: [] });
  expect(answers).toEqual(asUsed(...[...tokens.keys()]));
  expect(tokens.size).toBe(11);
});
