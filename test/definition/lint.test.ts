import { createHash } from 'node:crypto';
import { base32nopad } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { Definition } from '../../lib/definition/definition.ts';
import { PRIVACYIDEA_EVENTS } from '../../lib/definition/event-names.ts';
import { lintDefinitions } from '../../lib/definition/lint.ts';
import { parse } from '../../lib/schema/validate.ts';

const read = (body: object, i = 0) =>
  parse(
    Definition,
    { id: i + 1, name: `d${i + 1}`, event: 'validate_check', action: 'disable', ...body },
    'bad_definition',
  );

function lint(...bodies: object[]) {
  const all = bodies.map(read);
  return lintDefinitions(all, new Map(all.map((one) => [one.id, one]))).map(
    ({ code, id, path }) => `${code} #${id} ${path}`,
  );
}

const enrol = (tokentype: string, additional_params: unknown) => ({
  action: 'enroll',
  options: { tokentype, additional_params },
});
/** The key `ab` as base32check: four bytes of its SHA-1 in front. */
const ONE_BYTE = {
  otpkey: base32nopad.encode(
    Buffer.concat([createHash('sha1').update(Buffer.of(0xab)).digest().subarray(0, 4), Buffer.of(0xab)]),
  ),
  otpkeyformat: 'base32check',
};

describe('a definition by itself', () => {
  it.each<[string, object, string[]]>([
    ['an event that is nearly one of privacyIDEA', { event: 'tokeninit' }, ['unknown_event #1 event']],
    ["a sender's own event", { event: 'login' }, []],
    ['its own events', { event: [...PRIVACYIDEA_EVENTS], action: 'disable' }, []],
    [
      'two types at once',
      { conditions: [{ tokentype: 'hotp' }, { tokentype: 'totp,sms' }] },
      ['never_acts #1 conditions[1].tokentype'],
    ],
    ['types that have one in common', { conditions: [{ tokentype: 'hotp,totp' }, { tokentype: 'totp' }] }, []],
    [
      'what it rules out itself',
      { conditions: { realm: 'a,b' }, unless: { realm: 'a,b,c' } },
      ['never_acts #1 unless.realm'],
    ],
    ['what it rules out in part', { conditions: { realm: 'a,b' }, unless: { realm: 'b' } }, []],
    [
      'a counter that is small and large',
      { conditions: [{ failcounter: '<5' }, { failcounter: '>= 5' }] },
      ['never_acts #1 conditions[1].failcounter'],
    ],
    ['a span', { conditions: [{ failcounter: '>4' }, { failcounter: '=<5' }] }, []],
    ['one of two counts', { conditions: [{ failcounter: ['1', '9'] }, { failcounter: '>5' }] }, []],
    [
      'locked and not',
      { conditions: [{ token_locked: true }, { token_locked: 'False' }] },
      ['never_acts #1 conditions[1].token_locked'],
    ],
    ['two containers, and perhaps none', { conditions: [{ container_type: 'a' }, { container_type: 'b' }] }, []],
    ['addresses of none', { conditions: { client_ip: '!10.0.0.0/8, -::1' } }, ['never_acts #1 conditions.client_ip']],
    ['addresses of some', { conditions: { client_ip: '0.0.0.0/0, !10.0.0.0/8' } }, []],
    ['a space in a list', { conditions: { tokentype: 'totp, hotp' } }, ['blank_in_list #1 conditions.tokentype']],
    [
      'an end before the start',
      { action: 'set validity', options: { 'valid from': '+2d', 'valid till': '+1d' } },
      ['always_fails #1 options'],
    ],
    ['deleting every token', { action: 'delete' }, ['no_condition #1 action']],
    ['deleting under a condition', { action: 'delete', conditions: { tokentype: 'hotp' } }, []],
    ['a PIN of one character', { action: 'set random pin', options: { length: 1 } }, ['weak_secret #1 options.length']],
    ['a PIN of four', { action: 'set random pin', options: { length: 4 } }, []],
    [
      'a PIN of one character in a text of parameters',
      enrol('hotp', '{"pin": "7"}'),
      ['weak_secret #1 options.additional_params.pin'],
    ],
    ['a key of one byte', enrol('totp', { otpkey: 'ab' }), ['weak_secret #1 options.additional_params.otpkey']],
    ['a key of 16 bytes', enrol('totp', { otpkey: 'ab'.repeat(16) }), []],
    ['a short key in base32', enrol('hotp', ONE_BYTE), ['weak_secret #1 options.additional_params.otpkey']],
    ['a key of ten bytes', enrol('hotp', { keysize: 10 }), ['weak_secret #1 options.additional_params.keysize']],
    ['a password of three', enrol('pw', { otpkey: 'abc' }), ['weak_secret #1 options.additional_params.otpkey']],
    [
      'an mOTP PIN of one',
      { ...enrol('motp', {}), options: { tokentype: 'motp', motppin: '1' } },
      ['weak_secret #1 options.motppin'],
    ],
    ['an spass token without PIN', enrol('spass', {}), ['weak_secret #1 options.additional_params']],
    ['an spass token with one', enrol('spass', { pin: '4711' }), []],
    ["all of the user's tokens", { target: 'user' }, ['no_condition #1 target']],
    [
      'a fact that cannot be known',
      { position: 'pre', conditions: { result_value: 'True' } },
      ['never_known #1 conditions.result_value'],
    ],
  ])('%s', (_name, body, expected) => expect(lint(body)).toEqual(expected));
});

describe('two definitions', () => {
  const note = (value: string) => ({ action: 'set tokeninfo', options: { key: 'k', value } });

  it.each<[string, object, object, string[]]>([
    ['that assign otherwise and can act together', note('a'), note('b'), ['same_attribute #2 action']],
    ['that switch on and off', { action: 'enable' }, { action: 'disable' }, ['same_attribute #2 action']],
    ['that assign the same', note('a'), note('a'), []],
    ['that assign other keys', note('a'), { action: 'set tokeninfo', options: { key: 'l', value: 'b' } }, []],
    ['at other events', note('a'), { ...note('b'), event: 'auth' }, []],
    ['at other positions', note('a'), { ...note('b'), position: 'pre' }, []],
    ['one of which is inactive', note('a'), { ...note('b'), active: false }, []],
    [
      'for other realms',
      { ...note('a'), conditions: { realm: 'a' } },
      { ...note('b'), conditions: { realm: 'b' } },
      [],
    ],
    [
      'one for what the other leaves out',
      { ...note('a'), conditions: { tokentype: 'hotp' } },
      { ...note('b'), unless: { tokentype: 'hotp' } },
      [],
    ],
    ['the first of which comes later', { ...note('a'), ordering: 5 }, note('b'), ['same_attribute #1 action']],
    ['of which one counts', { action: 'increase tokeninfo', options: { key: 'k' } }, note('b'), []],
  ])('%s', (_name, first, second, expected) => expect(lint(first, second)).toEqual(expected));

  it('of which only one is looked at are told of once', () => {
    const [first, second] = [read(note('a')), read(note('b'), 1)];
    const set = new Map([first, second].map((one) => [one.id, one]));
    expect(lintDefinitions([first], set)).toEqual([
      {
        code: 'same_attribute',
        id: 2,
        name: 'd2',
        path: 'action',
        message:
          'assigns info.k as #1 "d1" does at post of validate_check, and both can act; this one comes later and stays',
      },
    ]);
  });
});
