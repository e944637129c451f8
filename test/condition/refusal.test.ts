/** Values that are refused when a definition is saved; every other value is read correctly. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { TokenwrightError } from '../../lib/base/error.ts';
import { conditions, findCondition } from '../../lib/condition/catalogue.ts';
import { loadRegularExpressions } from '../../lib/condition/regular-expression.ts';
import { normaliseConditionValue } from '../../lib/condition/value.ts';

beforeAll(loadRegularExpressions);

describe('a value is refused', () => {
  test.each([
    { name: 'logged_in_user', value: 'root', message: '"root" is not one of admin, user' },
    {
      name: 'result_authentication',
      value: 'accept',
      message: '"accept" is not one of ACCEPT, REJECT, CHALLENGE, DECLINED; did you mean "ACCEPT"?',
    },
    { name: 'result_value', value: 'yes', message: '"yes" is neither True nor False' },
    { name: 'token_locked', value: '', message: '"" is neither True nor False' },
    { name: 'failcounter', value: 'five', message: '"five" is not an integer' },
    { name: 'failcounter', value: '<5.5', message: '"5.5" is not an integer' },
    { name: 'failcounter', value: '', message: '"" is not an integer' },
    { name: 'failcounter', value: '<>5', message: '"<>" is not a comparator of integers' },
    { name: 'failcounter', value: "'contains' 5", message: '"contains" is not a comparator of integers' },
    { name: 'otp_counter', value: '99999999999999999999', message: '"99999999999999999999" is not an integer' },
    { name: 'tokeninfo', value: '', message: '"" has no comparator' },
    { name: 'tokeninfo', value: 'key equals 5', message: '"key equals 5" has no comparator' },
    { name: 'tokeninfo', value: '== 5', message: '"== 5" has no key before its comparator' },
    { name: 'tokeninfo', value: 'key <> 5', message: "'<>' is not a comparator" },
    { name: 'tokeninfo', value: 'key === 5', message: "'===' is not a comparator" },
    { name: 'tokeninfo', value: "key 'is' a=b", message: "'is' is not a comparator" },
    { name: 'tokeninfo', value: "key 'date_before' soon", message: '"soon" is not a date' },
    { name: 'tokeninfo', value: "key 'date_within_last' 2 weeks", message: '"2 weeks" is not a duration' },
    { name: 'tokeninfo', value: "key 'date_within_last' -1d", message: '"-1d" does not look back' },
    { name: 'tokeninfo', value: 'key == {current_time}', message: '"{current_time}" has a brace that is no tag' },
    { name: 'tokeninfo', value: 'key == a}', message: '"a}" has a brace that is no tag' },
    { name: 'tokeninfo', value: 'key < {now}+1w', message: '"{now}+1w" has no offset of s, m, h or d' },
    { name: 'tokeninfo', value: 'key < {now}+7days', message: '"{now}+7days" has no offset of s, m, h or d' },
    { name: 'tokeninfo', value: 'key < {now}+2900001d', message: '"{now}+2900001d" is out of reach' },
    { name: 'user_info', value: "key 'matches' {now}", message: '{now} cannot stand in a regular expression' },
    { name: 'client_ip', value: '', message: 'no address is given' },
    { name: 'client_ip', value: '10.0.0.0/33', message: '"10.0.0.0/33" is neither an address nor a network' },
    { name: 'client_ip', value: '10.0.0', message: '"10.0.0" is neither an address nor a network' },
    { name: 'client_ip', value: 'fe80::1%eth0', message: '"fe80::1%eth0" is neither an address nor a network' },
    { name: 'client_ip', value: 'fe80::/129', message: '"fe80::/129" is neither an address nor a network' },
    {
      name: 'client_ip',
      value: '10.0.0.0/255.0.255.0',
      message: '"10.0.0.0/255.0.255.0" is neither an address nor a network',
    },
    { name: 'last_auth', value: '7w', message: '"7w" is not a duration' },
    { name: 'last_auth', value: '7H', message: '"7H" is not a duration' },
    { name: 'container_last_authentication', value: 'h', message: '"h" is not a duration' },
    { name: 'realm', value: '', message: 'no name is given' },
    { name: 'container_type', value: ' ', message: 'no text is given' },
    { name: 'serial', value: '(', message: 'the regular expression "(" is refused: missing closing ): `(`' },
    {
      name: 'serial',
      value: '(?<=a)b',
      message:
        'the regular expression "(?<=a)b" is refused: look-ahead and look-behind cannot be matched in linear time',
    },
    {
      name: 'serial',
      value: '(?!a)b',
      message:
        'the regular expression "(?!a)b" is refused: look-ahead and look-behind cannot be matched in linear time',
    },
    {
      name: 'detail_message',
      value: '(a)\\1',
      message: 'the regular expression "(a)\\1" is refused: back-references cannot be matched in linear time',
    },
  ])('$name: "$value"', ({ name, value, message }) => {
    expect(() => findCondition(name)?.parse(value)).toThrow(
      expect.objectContaining({ code: 'bad_condition', message }),
    );
  });

  test('with what is allowed beside it', () => {
    expect(() => findCondition('result_status')?.parse('maybe')).toThrow(
      expect.objectContaining({ details: { given: 'maybe', allowed: ['True', 'False'] } }),
    );
  });

  const likelyText = fc.stringMatching(/^[a-z0-9'=<>!{}(),.:\-+*?\\|[\] ]{0,24}$/);

  test.each(conditions)('$name reads any text or refuses it with bad_condition', ({ parse }) => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), likelyText), (value) => {
        try {
          parse(value);
          return true;
        } catch (error) {
          return error instanceof TokenwrightError && error.code === 'bad_condition';
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("a value of JSON's own types", () => {
  test.each([
    { given: true, text: 'True' },
    { given: false, text: 'False' },
    { given: -5, text: '-5' },
    { given: ' a ', text: ' a ' },
  ])('$given is read as "$text"', ({ given, text }) => {
    expect(normaliseConditionValue(given)).toBe(text);
  });

  test.each([null, undefined, {}, [], Number.NaN])('%s is refused', (given) => {
    expect(() => normaliseConditionValue(given)).toThrow(expect.objectContaining({ code: 'bad_condition' }));
  });
});
