import { describe, expect, it } from 'vitest';
import { ApiFault } from '../../lib/auth-api/fault.ts';
import { textOf } from '../../lib/auth-api/parameter-values.ts';
import { type RawRequest, readParameters } from '../../lib/auth-api/parameters.ts';

const REQUEST: RawRequest = {
  id: 'r1',
  method: 'POST',
  path: '/validate/check',
  query: '',
  headers: {},
  body: Buffer.alloc(0),
  clientIp: '10.0.0.1',
  signedBy: null,
  now: 0,
};
const FORM = 'application/x-www-form-urlencoded';

function given(body: string | Buffer, type: string, { userAgent = '', query = '' } = {}): RawRequest {
  return { ...REQUEST, query, headers: { 'content-type': type, 'user-agent': userAgent }, body: Buffer.from(body) };
}

const read = (request: RawRequest, path = {}) => readParameters(request, path);

describe('readParameters', () => {
  it.each([
    ['query', { ...REQUEST, query: 'user=alice&pass=a+b' }, { user: 'alice', pass: 'a b' }],
    ['form', given('user=alice&pass=1%2B2', `${FORM}; charset=utf-8`), { user: 'alice', pass: '1+2' }],
    ['JSON', given('{"user":"alice","pass":"%41"}', 'application/json'), { user: 'alice', pass: '%41' }],
    ['JSON under another content type', given('{"user":"alice"}', 'text/plain'), { user: 'alice' }],
    ['no JSON under another content type', given('hello', 'text/plain'), {}],
    ['null in JSON as absent', given('{"user":null,"otplen":8}', 'application/json'), { otplen: 8 }],
    ['the first of several', { ...REQUEST, query: 'a=1&a=2' }, { a: '1' }],
  ])('reads %s', async (_, request, expected) => {
    expect(await read(request)).toEqual(expected);
  });

  it('reads multipart as PHP sends it, without files', async () => {
    const part = (head: string, text: string) => `--B0\r\nContent-Disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
    const body = `${part('name="user"', 'jürgen')}${part('name="pass"', 'a b+c')}${part('name="f"; filename="x"', '1')}--B0--\r\n`;
    expect(await read(given(body, 'multipart/form-data; boundary=B0'))).toEqual({ user: 'jürgen', pass: 'a b+c' });
  });

  it('takes the path before JSON, JSON before the query, the query before the form', async () => {
    const json = given('{"serial":"J","user":"j"}', 'application/json', { query: 'serial=Q&user=q&pass=q' });
    expect(await read(json, { serial: 'P' })).toEqual({ serial: 'P', user: 'j', pass: 'q' });
    const form = given('user=f&pass=f', FORM, { query: 'user=q' });
    expect(await read(form)).toEqual({ user: 'q', pass: 'f' });
  });

  it.each([
    ['%2540', '@'],
    ['j%25C3%25BCrgen', 'jürgen'],
    ['100%25ok', '100%ok'],
    ['%25zz%2541', '%zzA'],
    ['%25ff%25C3%25BC', '%ffü'],
    ['a%252Bb%2Bc', 'a+b+c'],
    ['%25e0%2580%2580', '%e0%80%80'],
  ])('decodes %s once more: %s', async (encoded, expected) => {
    expect(await read(given(`pass=${encoded}`, FORM))).toEqual({ pass: expected });
  });

  it.each(['privacyidea-cp/3.8 Windows/PC', 'PrivacyIDEA-LDAP-Proxy', 'simpleSAMLphp'])(
    'decodes once for %s, whose client encodes once',
    async (userAgent) => {
      expect(await read(given('pass=%2541', FORM, { userAgent }))).toEqual({ pass: '%41' });
    },
  );

  it('decodes again for a product that only begins like one of those', async () => {
    expect(await read(given('pass=%2541', FORM, { userAgent: 'simplesamlphp2/1.0' }))).toEqual({ pass: 'A' });
  });

  it.each([
    ['broken JSON', given('{"user":', 'application/json')],
    ['a JSON list', given('[1]', 'application/json')],
    ['multipart without its boundary', given('x', 'multipart/form-data')],
    ['multipart that is none', given('x', 'multipart/form-data; boundary=B0')],
  ])('refuses %s', async (_, request) => {
    await expect(read(request)).rejects.toMatchObject({ status: 400, code: 905 });
  });

  it('has only the parameters that were given, also for names such as "constructor"', async () => {
    expect(textOf(await read(REQUEST), 'constructor')).toBeUndefined();
    expect(textOf(await read(given('{"__proto__":"x"}', 'application/json')), 'toString')).toBeUndefined();
  });

  it('refuses a number where a text is wanted: its zeros in front are gone', () => {
    expect(() => textOf({ pass: 12345 }, 'pass')).toThrow(ApiFault);
  });
});
