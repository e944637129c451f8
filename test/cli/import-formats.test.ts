/** Imports token files of other programs: the figures of RFC 6030, and files that privacyIDEA reads and writes. */
import { createCipheriv, createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTokenFile } from '../../cli/import/formats.ts';
import { placesIn } from '../../cli/output/place.ts';

const FIGURES = join(import.meta.dirname, 'pskc');
const KEY = '3132333435363738393031323334353637383930';

async function read(source: string, secret?: string) {
  const { format, rows } = await readTokenFile('file', source, undefined, secret);
  const all = [];
  for await (const row of rows()) all.push(row);
  const tokens = all.flatMap((row) => (row.ok ? [row.token] : []));
  const errors = all.flatMap((row) => (row.ok ? [] : row.errors.map(({ code, details }) => `${code} ${details.path}`)));
  const owners = all.flatMap((row) => (row.ok && row.owner ? [row.owner] : []));
  const words = all.flatMap((row) => (row.ok ? [] : row.errors.map(({ message }) => message))).join('\n');
  return { format, tokens, errors, owners, words };
}

const figure = (name: string) => readFile(join(FIGURES, name), 'utf8');

describe('PSKC', () => {
  it.each([
    ['figure-2-plain.xml', undefined, '987654321'],
    ['figure-6-pre-shared-key.xml', '12345678901234567890123456789012', '987654321'],
    ['figure-7-password.xml', 'qwerty', '987654321'],
  ])('gives the key of RFC 6030, %s', async (file, secret, serial) => {
    const { format, tokens, errors } = await read(await figure(file), secret);
    expect({ format, errors }).toEqual({ format: 'pskc', errors: [] });
    expect(tokens).toMatchObject([{ serial, tokentype: 'hotp', otplen: 8, otpkey: KEY, count: 0 }]);
  });

  it.each([
    ['no key', undefined, 'the keys in this file are encrypted'],
    ['another key', '00000000000000000000000000000000', 'a value cannot be decrypted'],
    ['a malformed key', 'secret', 'the pre-shared key in --key-file is malformed'],
  ])('refuses encrypted keys with %s, and repeats none', async (_, secret, words) => {
    const read_ = await read(await figure('figure-6-pre-shared-key.xml'), secret);
    expect(read_.errors).toEqual(['bad_key line 10']);
    expect(read_.words).toContain(words);
    if (secret) expect(read_.words).not.toContain(secret);
  });

  it('refuses a key that was changed on the way, and one without a MAC', async () => {
    const file = await figure('figure-6-pre-shared-key.xml');
    const changed = file.replace('AAECAwQFBgcICQoLDA0OD+cI', 'BAECAwQFBgcICQoLDA0OD+cI');
    const unsigned = file.replace(/<ValueMAC>.*<\/ValueMAC>/, '');
    for (const one of [changed, unsigned]) {
      expect((await read(one, '12345678901234567890123456789012')).words).toContain('MAC');
    }
  });

  it.each([
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY x "y">]><KeyContainer>&x;</KeyContainer>'],
    ['an entity nobody declared', '<KeyContainer><KeyPackage>&x;</KeyPackage></KeyContainer>'],
    ['what is cut off', '<KeyContainer><KeyPackage>'],
    ['other XML', '<Tokens><Token serial="1"/></Tokens>'],
  ])('refuses %s', async (_, source) => {
    await expect(read(source)).rejects.toMatchObject({ code: 'bad_file' });
  });

  const withPolicy = async (policy: string) =>
    read((await figure('figure-2-plain.xml')).replace('</Key>', `<Policy>${policy}</Policy></Key>`));

  it('keeps the period that a policy gives a key, and takes PINs that the device checks', async () => {
    const { errors, tokens } = await withPolicy(
      '<StartDate>2026-01-01T00:00:00Z</StartDate><ExpiryDate>2027-12-31T23:59:59+01:00</ExpiryDate>' +
        '<PINPolicy PINUsageMode="Local" MinLength="4"/><KeyUsage>OTP</KeyUsage><KeyUsage>CR</KeyUsage>',
    );
    expect(errors).toEqual([]);
    expect(tokens[0]?.info).toMatchObject({
      validity_period_start: '2026-01-01T00:00+0000',
      validity_period_end: '2027-12-31T23:59+0100',
    });
  });

  it.each([
    ['<NumberOfTransactions>100</NumberOfTransactions>', 'NumberOfTransactions'],
    ['<KeyUsage>Encrypt</KeyUsage>', 'KeyUsage'],
    ['<PINPolicy PINUsageMode="Append" PINKeyId="1"/>', 'PINPolicy'],
    ['<PINPolicy PINUsageMode="Local" Unheard="of"/>', 'PINPolicy'],
    ['<ExpiryDate>next year</ExpiryDate>', 'ExpiryDate'],
    ['<ExpiryDate>+30d</ExpiryDate>', 'ExpiryDate'],
    ['<vendor:Geofence>DE</vendor:Geofence>', 'Geofence'],
    ['<constructor>1</constructor>', 'constructor'],
  ])('refuses a key whose policy cannot be kept: %s', async (policy, name) => {
    expect(await withPolicy(policy)).toMatchObject({ tokens: [], errors: [`bad_token line 3.Policy.${name}`] });
  });

  it('reads a drift in time steps', async () => {
    const data =
      '<TimeInterval><PlainValue>60</PlainValue></TimeInterval><TimeDrift><PlainValue>-2</PlainValue></TimeDrift>';
    const file = (await figure('figure-2-plain.xml'))
      .replace('pskc:hotp', 'pskc:totp')
      .replace('</Data>', `${data}</Data>`);
    expect((await read(file)).tokens[0]?.info).toMatchObject({ timeStep: '60', timeShift: '-120' });
  });

  it('says at which line a key is of a kind that is not known here', async () => {
    const file = (await figure('figure-2-plain.xml')).replace('pskc:hotp', 'pskc:ocra');
    expect((await read(file)).errors).toEqual(['bad_token line 3.Key.Algorithm']);
  });
});

describe('OATH CSV', () => {
  it('has comments, blank lines, a header if it is one, and defaults', async () => {
    const { format, tokens, errors } = await read(
      `# a vendor\nserial, seed, type\n\nA1, ${KEY}\nA2, ${KEY}, TOTP, 8, 60\nA3, ${KEY}${KEY.slice(0, 24)}\n`,
    );
    expect({ format, errors }).toEqual({ format: 'csv', errors: [] });
    const hardware = { tokenkind: 'hardware' };
    expect(tokens).toMatchObject([
      { serial: 'A1', tokentype: 'hotp', otpkey: KEY, otplen: 6, info: { ...hardware, hashlib: 'sha1' } },
      { serial: 'A2', tokentype: 'totp', otplen: 8, info: { ...hardware, hashlib: 'sha1', timeStep: '60' } },
      { serial: 'A3', info: { hashlib: 'sha256' } },
    ]);
  });

  it('tells every fault with its line, and never what was given: it may be a key in the wrong column', async () => {
    const { errors, words } = await read(
      `A1, ${KEY}\nA2, A3, ${KEY}\nA4\nA5, ${KEY}, totp, ${KEY}\nA6, ${KEY}, ocra\n`,
    );
    expect(errors).toEqual([
      'bad_token line 2.type',
      'bad_token line 3.otpkey',
      'bad_token line 4.otplen',
      'bad_token line 5.type',
    ]);
    expect(words).not.toContain(KEY);
  });

  it.each([
    [`A1, ${KEY}\n"A2, ${KEY}\nA3, ${KEY}`, 'line 3'],
    [`A1, ${KEY}\nA2, x"${KEY}"\n`, 'line 2'],
  ])('tells where it is no CSV any more: %j', async (source, line) => {
    const { tokens, errors, words } = await read(source);
    expect({ tokens: tokens.length, errors }).toEqual({ tokens: 1, errors: [`bad_file ${line}`] });
    expect(words).not.toContain(KEY);
  });

  it('of version 2 has owners in front', async () => {
    const { tokens, owners } = await read(`# version: 2\nada, resolver1, realm1, A1, ${KEY}, hotp, 6\n`);
    expect(tokens).toMatchObject([{ serial: 'A1', otpkey: KEY }]);
    expect(owners).toEqual([{ login: 'ada', realm: 'realm1' }]);
  });
});

describe("privacyIDEA's export", () => {
  const EXPORT = [
    {
      serial: 'TOTP01',
      type: 'totp',
      otpkey: KEY,
      otplen: 6,
      count: 4,
      info_list: { timeStep: '30', hashlib: 'sha1' },
    },
    { serial: 'PW01', type: 'pw', otpkey: 'pass word', user: { login: 'ada', realm: 'realm1' } },
  ];
  const TOKENS = [
    {
      serial: 'TOTP01',
      tokentype: 'totp',
      otpkey: KEY,
      otplen: 6,
      count: 4,
      info: { timeStep: '30', hashlib: 'sha1' },
    },
    { serial: 'PW01', tokentype: 'pw', otpkey: Buffer.from('pass word').toString('hex') },
  ];
  const key = Buffer.alloc(32, 'k');

  /** As the Fernet specification says it, version 128. */
  function fernet(text: string): string {
    const iv = Buffer.alloc(16, 'i');
    const cipher = createCipheriv('aes-128-cbc', key.subarray(16), iv);
    const time = Buffer.from('0000000069b6885e', 'hex');
    const signed = Buffer.concat([Buffer.from([0x80]), time, iv, cipher.update(text), cipher.final()]);
    const mac = createHmac('sha256', key.subarray(0, 16)).update(signed).digest();
    return Buffer.concat([signed, mac]).toString('base64url');
  }

  it('is read as JSON, as YAML and as it was encrypted', async () => {
    const yaml = `- serial: TOTP01\n  type: totp\n  otpkey: "${KEY}"\n  owner: ada@realm1\n`;
    for (const [source, secret] of [
      [JSON.stringify(EXPORT)],
      [fernet(JSON.stringify(EXPORT)), key.toString('base64url')],
    ]) {
      const { format, tokens, owners } = await read(source ?? '', secret);
      expect({ format, owners }).toEqual({ format: 'privacyidea', owners: [{ login: 'ada', realm: 'realm1' }] });
      expect(tokens).toMatchObject(TOKENS);
    }
    expect(await read(yaml)).toMatchObject({ format: 'privacyidea', owners: [{ login: 'ada', realm: 'realm1' }] });
  });

  it('is refused with another key', async () => {
    const wrong = Buffer.alloc(32, 'w').toString('base64url');
    await expect(read(fernet('[]'), wrong)).rejects.toMatchObject({ code: 'bad_key' });
    await expect(read(fernet('[]'))).rejects.toMatchObject({ code: 'bad_key' });
  });
});

describe('secrets in tokeninfo', () => {
  const KEYS = ['private_key_server', 'PRIVATEKEY', 'radius.secret', 'pin', 'otpkey', 'Password', 'ssh_key', 'new_pin'];

  it.each(KEYS)('%s is refused by name, and not repeated', async (key) => {
    const ours = await read(
      JSON.stringify({ tokens: [{ serial: 'A1', tokentype: 'hotp', info: { [key]: 'geheim' } }] }),
    );
    const theirs = await read(
      JSON.stringify([{ serial: 'A1', type: 'hotp', otpkey: KEY, info_list: { [key]: 'geheim' } }]),
    );
    for (const { tokens, errors, words } of [ours, theirs]) {
      expect({ tokens, errors }).toEqual({ tokens: [], errors: [`bad_token tokens[0].info.${key}`] });
      expect(words).not.toContain('geheim');
    }
  });

  it("what privacyIDEA's export itself marks as one is refused, whatever its name", async () => {
    const info_list = { vault: 'geheim', 'vault.type': 'password', note: 'seen' };
    const { tokens, errors } = await read(JSON.stringify([{ serial: 'A1', type: 'hotp', otpkey: KEY, info_list }]));
    expect({ tokens, errors }).toEqual({ tokens: [], errors: ['bad_token tokens[0].info.vault'] });
  });
});

it('names the line of a fault once', () => {
  expect(placesIn('# version: 2\nada, ldap, sales, S1, zz, hotp\n')('line 2.otpkey')).toEqual({
    line: undefined,
    entry: undefined,
    path: 'line 2.otpkey',
  });
});
