import { createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSealed, type SecretContext, sealWith, versionOf } from '../../lib/secret/sealed.ts';

const KEY = { version: 3, key: Buffer.alloc(32, 7) };
const OATH1: SecretContext = { purpose: 'otpkey', serial: 'OATH0001' };
const PLAIN = Buffer.from('3132333435363738393031323334353637383930', 'hex');
const BAD = expect.objectContaining({ code: 'bad_secret' });

describe('a sealed secret', () => {
  it('opens in its own context, for any contents', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), fc.string(), (plain, serial) => {
        const context: SecretContext = { purpose: 'otpkey', serial };
        expect(Buffer.from(openSealed(KEY, sealWith(KEY, plain, context), context))).toEqual(Buffer.from(plain));
      }),
    );
  });

  it('takes 33 bytes more than the secret, and tells the version of its key', () => {
    const sealed = sealWith(KEY, PLAIN, OATH1);
    expect(sealed.length).toBe(53);
    expect(versionOf(sealed)).toBe(3);
  });

  it('is AES-256-GCM in the form that docs/reference/sealed-secrets.md gives other readers', () => {
    const sealed = Buffer.from(sealWith(KEY, PLAIN, OATH1));
    expect(sealed.subarray(0, 5).toString('hex')).toBe('0100000003');
    const decipher = createDecipheriv('aes-256-gcm', KEY.key, sealed.subarray(5, 17));
    decipher.setAAD(Buffer.concat([Buffer.from('0100000003', 'hex'), Buffer.from('otpkey\0OATH0001')]));
    decipher.setAuthTag(sealed.subarray(-16));
    expect(Buffer.concat([decipher.update(sealed.subarray(17, -16)), decipher.final()])).toEqual(PLAIN);
  });

  it('is the same when the same is sealed again, and has another nonce for anything else', () => {
    expect(sealWith(KEY, PLAIN, OATH1)).toEqual(sealWith(KEY, PLAIN, OATH1));
    const nonces = [
      sealWith(KEY, PLAIN, OATH1),
      sealWith(KEY, PLAIN.subarray(1), OATH1),
      sealWith(KEY, PLAIN, { purpose: 'otpkey', serial: 'OATH0002' }),
      sealWith({ ...KEY, version: 4 }, PLAIN, OATH1),
    ].map((sealed) => Buffer.from(sealed).subarray(5, 17).toString('hex'));
    expect(new Set(nonces).size).toBe(4);
  });

  it.each<[string, SecretContext]>([
    ['another token', { purpose: 'otpkey', serial: 'OATH0002' }],
    ['a definition', { purpose: 'definition', definition: 1, option: 'otpkey' }],
  ])('does not open for %s', (_, context) => {
    expect(() => openSealed(KEY, sealWith(KEY, PLAIN, OATH1), context)).toThrow(BAD);
  });

  it('does not open under another key', () => {
    expect(() => openSealed({ version: 3, key: Buffer.alloc(32, 8) }, sealWith(KEY, PLAIN, OATH1), OATH1)).toThrow(BAD);
  });

  it('does not open when any one of its bits was changed, or when it was cut anywhere, and never says what is in it', () => {
    const sealed = sealWith(KEY, PLAIN, OATH1);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openSealed(KEY, changed, OATH1)).toThrow(BAD);
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => openSealed(KEY, sealed.subarray(0, length), OATH1)).toThrow(/^the secret cannot be opened: it /);
    }
  });
});
