import { describe, expect, it } from 'vitest';
import { hashPin, verifyPin } from '../../lib/secret/pin.ts';

describe('a PIN', () => {
  it('is stored with its parameters and a salt of its own', async () => {
    const [one, other] = await Promise.all([hashPin('1234'), hashPin('1234')]);
    expect(one).toMatch(/^scrypt\$8192\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(other);
  });

  it('is verified, and another is not', async () => {
    const stored = await hashPin('pïn 1234');
    expect(await verifyPin('pïn 1234', stored)).toBe(true);
    expect(await verifyPin('pïn 1235', stored)).toBe(false);
    expect(await verifyPin('', stored)).toBe(false);
  });

  it('is verified with the parameters stored with it: RFC 7914, section 12, cut to 32 bytes', async () => {
    const hash = Buffer.from('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162', 'hex');
    const stored = `scrypt$1024$8$16$${Buffer.from('NaCl').toString('base64url')}$${hash.toString('base64url')}`;
    expect(await verifyPin('password', stored)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a hash of another kind', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA'],
    ['too much memory', `scrypt$262144$8$1$c2FsdA$${'A'.repeat(43)}`],
    ['no power of two', `scrypt$1000$8$1$c2FsdA$${'A'.repeat(43)}`],
    ['a short hash', 'scrypt$1024$8$1$c2FsdA$AAAA'],
  ])('is never that of %s', async (_, stored) => {
    expect(await verifyPin('1234', stored)).toBe(false);
  });
});
