import { describe, expect, it } from 'vitest';
import { Definition } from '../../lib/definition/definition.ts';
import { diffVersions } from '../../lib/definition/diff.ts';
import { openOptions, requireSealed, resealBody, sealDefinitions } from '../../lib/definition/sealed-options.ts';
import { maskSecrets } from '../../lib/definition/secret-options.ts';
import { parse } from '../../lib/schema/validate.ts';
import { type SecretBox, secretBox } from '../../lib/secret/box.ts';
import { memoryBox, memoryRing } from '../support/secrets.ts';

const OPTIONS = {
  tokentype: 'totp',
  motppin: 4711,
  pin: '',
  additional_params: { hashlib: 'sha256', otpkey: '31323334', tans: ['one-tan', 'two-tan'] },
};
const TEXT = { tokentype: 'totp', additional_params: '{"hashlib": “sha256”, "otpkey": "31323334"}' };
const body = (options: Record<string, unknown>) => ({ id: 7, action: 'enroll', options });

async function sealOptions(options: Record<string, unknown>, box: SecretBox): Promise<Record<string, unknown>> {
  const definition = parse(Definition, { ...body(options), event: 'token_init' }, 'bad_definition');
  const [sealed] = await sealDefinitions([definition], box);
  return sealed?.options ?? {};
}

describe('the secret options of a definition', () => {
  it('are sealed where they stand, and nothing else is', async () => {
    const sealed = await sealOptions(OPTIONS, memoryBox());
    const secret = { sealed: expect.stringMatching(/^[\w-]{40,}$/) };
    expect(sealed).toEqual({
      tokentype: 'totp',
      motppin: secret,
      pin: '',
      additional_params: { hashlib: 'sha256', otpkey: secret, tans: secret },
    });
    expect(JSON.stringify(sealed)).not.toMatch(/4711|31323334|one-tan/);
  });

  it.each([OPTIONS, TEXT])('are as they were once they are opened: %j', async (options) => {
    const box = memoryBox();
    expect(await openOptions(await sealOptions(options, box), 7, box)).toEqual(options);
  });

  it('in a text of parameters make it one secret; a text without any stays readable', async () => {
    const sealed = await sealOptions(TEXT, memoryBox());
    expect(sealed).toEqual({ tokentype: 'totp', additional_params: { sealed: expect.any(String) } });
    const harmless = { additional_params: '{"hashlib": "sha256", "genkey": 1, "pintype": "x"}' };
    expect(await sealOptions(harmless, memoryBox())).toEqual(harmless);
  });

  it('do not open in another definition, or in another option', async () => {
    const box = memoryBox();
    const { motppin } = await sealOptions(OPTIONS, box);
    const bad = { code: 'bad_secret', details: { path: 'motppin' } };
    await expect(openOptions({ motppin }, 8, box)).rejects.toMatchObject(bad);
    await expect(openOptions({ pin: motppin }, 7, box)).rejects.toMatchObject({ details: { path: 'pin' } });
  });

  it('seal the same when they are the same, so that a definition that did not change is seen to be unchanged', async () => {
    const box = memoryBox();
    const sealed = await sealOptions(OPTIONS, box);
    expect(await sealOptions(OPTIONS, box)).toEqual(sealed);
    expect(await sealOptions(sealed, box)).toEqual(sealed);
  });

  it('are sealed again under a younger key, once', async () => {
    const ring = memoryRing();
    const box = secretBox(ring);
    const sealed = body(await sealOptions(OPTIONS, box));
    expect(await resealBody(sealed, 7, box)).toBeUndefined();
    await ring.rotate();
    const again = await resealBody(sealed, 7, box);
    expect(again).not.toEqual(sealed);
    expect(await openOptions(again?.options ?? {}, 7, box)).toEqual(OPTIONS);
    expect(await resealBody(again, 7, box)).toBeUndefined();
  });

  it('are masked wherever a definition is shown, sealed or not', async () => {
    const sealed = await sealOptions(OPTIONS, memoryBox());
    const masked = { hashlib: 'sha256', otpkey: '********', tans: '********' };
    const all = { tokentype: 'totp', motppin: '********', pin: '', additional_params: masked };
    expect(maskSecrets(OPTIONS)).toEqual(all);
    expect(maskSecrets(sealed)).toEqual(all);
    expect(maskSecrets(await sealOptions(TEXT, memoryBox()))).toMatchObject({ additional_params: '********' });
  });

  it('show in no difference of two definitions', async () => {
    const box = memoryBox();
    const one = { ...body(await sealOptions(OPTIONS, box)), event: 'token_init' };
    const other = { ...body(await sealOptions({ ...OPTIONS, motppin: 4712 }, box)), event: 'token_init' };
    expect(diffVersions(one, one)).toEqual([]);
    expect(diffVersions(one, other)).toEqual([
      { path: 'options.motppin', before: '********', after: '******** (new)' },
    ]);
  });

  it('are refused before they are stored, if they are not sealed', () => {
    expect(() => requireSealed(body(OPTIONS))).toThrow(expect.objectContaining({ code: 'unsealed_secret' }));
    expect(() => requireSealed(body({ tokentype: 'totp' }))).not.toThrow();
  });
});
