/** Comparators, `{now}`, networks and regular expressions: the rules that several conditions share. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { usesRegularExpressions } from '../../lib/condition/catalogue.ts';
import { parseComparison } from '../../lib/condition/comparison.ts';
import { isInNetworks, parseNetworks } from '../../lib/condition/networks.ts';
import { parseNowTemplate } from '../../lib/condition/now-template.ts';
import { compileRegularExpression, loadRegularExpressions } from '../../lib/condition/regular-expression.ts';
import { parseIntegerComparison } from '../../lib/condition/scalar.ts';
import { NOW } from './facts.ts';

beforeAll(loadRegularExpressions);

describe('a comparison', () => {
  test.each([
    { text: 'k > 9', left: '10', holds: true },
    { text: 'k == 5.0', left: '5', holds: true },
    { text: 'k == 1.1', left: '1.10', holds: true },
    { text: 'k > 12345678901234567', left: '12345678901234568', holds: true },
    { text: 'k == 12345678901234567', left: '12345678901234568', holds: false },
    { text: 'k > 9', left: 'ten', holds: true },
    { text: 'k == 2026-03-14T11:20+0100', left: '2026-03-14 10:20', holds: true },
    { text: 'k => 2026-03-15', left: '2026-03-14T23:59+0000', holds: false },
    { text: 'k =< b', left: 'B', holds: true },
    { text: 'k != a=b', left: 'a=b', holds: false },
    { text: "k == 'x'", left: "'x'", holds: true },
    { text: "k '==' a > b", left: 'a > b', holds: true },
    { text: 'k ==', left: '', holds: true },
    { text: 'k \'in\' a, "b,c",d', left: 'b,c', holds: true },
    { text: "k 'in' a,b", left: '', holds: false },
    { text: "k '!in' a,b", left: 'A', holds: true },
    { text: "k 'contains' b", left: 'a, b,c', holds: true },
    { text: "k 'contains' b", left: 'abc', holds: false },
    { text: "k '!contains' b", left: 'abc', holds: true },
    { text: "k 'contains' cn=a,dc=b", left: 'cn=a,dc=b', holds: true },
    { text: "k 'string_contains' B", left: 'abc', holds: true },
    { text: "k '!string_contains' B", left: 'abc', holds: false },
    { text: "k 'matches' a|ab", left: 'ab', holds: true },
    { text: "k 'matches' a", left: 'ab', holds: false },
    { text: "k '!matches' a.*", left: 'ab', holds: false },
    { text: "k 'date_after' 2026-03-15", left: '2026-03-15T00:01+0000', holds: true },
    { text: "k 'date_before' 2026-03-15", left: '2026-03-15T00:00+0000', holds: false },
    { text: "k 'date_within_last' 1h", left: '2026-03-15 09:20:30.5', holds: true },
    { text: "k 'date_within_last' 1h", left: '2026-03-15T10:21+0000', holds: false },
    { text: "k '!date_within_last' 1h", left: '2026-03-15T09:20+0000', holds: true },
  ])('$text with "$left": $holds', ({ text, left, holds }) => {
    expect(parseComparison(text, 'none').compare(left, { now: NOW, timezone: 'UTC' })).toBe(holds);
  });

  test.each([
    { text: 'key with blank=v', key: 'key with blank' },
    { text: "o'brien == 'x'", key: "o'brien" },
    { text: "k'=='1000", key: 'k' },
    { text: '\tk\t>=\t5', key: 'k' },
  ])('$text is about "$key"', ({ text, key }) => {
    expect(parseComparison(text, 'none').key).toBe(key);
  });

  test("reads a date without a zone in the stack's zone", () => {
    const { compare } = parseComparison('k == 2026-03-15T10:20+0000', 'none');
    expect(compare('2026-03-15 11:20', { now: NOW, timezone: 'Europe/Berlin' })).toBe(true);
  });
});

describe('{now}', () => {
  test.each([
    { text: '{now}', braces: 'refused', printed: '2026-03-15T10:20+0000' },
    { text: '{now}+10d', braces: 'refused', printed: '2026-03-25T10:20+0000' },
    { text: '{now} - 7d', braces: 'refused', printed: '2026-03-08T10:20+0000' },
    { text: '{now}-31s', braces: 'kept', printed: '2026-03-15T10:19+0000' },
    { text: '{now} or later', braces: 'refused', printed: '2026-03-15T10:20+0000 or later' },
    { text: '{{now}} {{', braces: 'refused', printed: '{now} {' },
    { text: '{ {{x}} {now}-1h', braces: 'kept', printed: '{ {{x}} 2026-03-15T09:20+0000' },
    { text: '{now}', braces: 'none', printed: '{now}' },
  ] as const)('$text prints $printed where other braces are $braces', ({ text, braces, printed }) => {
    expect(parseNowTemplate(text, braces).render(NOW, 'UTC')).toBe(printed);
  });

  test("is in the stack's zone, and a day keeps the clock time over its change of clocks", () => {
    expect(parseNowTemplate('{now}+14d', 'refused').render(NOW, 'Europe/Berlin')).toBe('2026-03-29T11:20+0200');
  });
});

test('integer comparisons agree with JavaScript', () => {
  const operators: Readonly<Record<string, (a: number, b: number) => boolean>> = {
    '': (a, b) => a === b,
    "'equals'": (a, b) => a === b,
    '!=': (a, b) => a !== b,
    '<': (a, b) => a < b,
    "'<='": (a, b) => a <= b,
    '=<': (a, b) => a <= b,
    '>': (a, b) => a > b,
    '=>': (a, b) => a >= b,
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(operators)),
      fc.integer(),
      fc.integer(),
      fc.constantFrom('', ' '),
      (operator, a, b, blank) => {
        expect(parseIntegerComparison(`${operator}${blank}${b}`)(a)).toBe(operators[operator]?.(a, b));
        expect(parseIntegerComparison(`${operator}${blank}${b}`)(b)).toBe(operators[operator]?.(b, b));
      },
    ),
  );
});

describe('a list of networks', () => {
  test.each([
    { list: '10.0.0.0/8', address: '::ffff:10.0.0.1', isIn: true },
    { list: '::ffff:10.0.0.0/104', address: '10.0.0.1', isIn: true },
    { list: '::ffff:10.0.0.0/104', address: '11.0.0.1', isIn: false },
    { list: '0.0.0.0/0', address: 'fe80::1', isIn: false },
    { list: '::/0', address: '10.0.0.1', isIn: false },
    { list: '2001:db8::/32, !2001:db8:1::/48', address: '2001:DB8:0::1', isIn: true },
    { list: '2001:db8::/32, !2001:db8:1::/48', address: '2001:db8:1::1', isIn: false },
    { list: '10.1.2.3/255.255.0.0', address: '10.1.9.9', isIn: true },
    { list: '10.0.0.1,', address: '10.0.0.1', isIn: true },
    { list: '-10.0.0.1', address: '10.0.0.2', isIn: false },
    { list: 'fe80::/10', address: 'fe80::1%eth0', isIn: true },
  ])('$list and $address: $isIn', ({ list, address, isIn }) => {
    expect(isInNetworks(address, parseNetworks(list))).toBe(isIn);
  });
});

describe('a regular expression', () => {
  test.each([
    { mode: 'start', source: 'T|H', text: 'HOTP01', matches: true },
    { mode: 'start', source: 'T|O', text: 'HOTP01', matches: false },
    { mode: 'search', source: 'OTP', text: 'HOTP01', matches: true },
    { mode: 'whole', source: 'H|HOTP01', text: 'HOTP01', matches: true },
    { mode: 'whole', source: 'HOTP', text: 'HOTP01', matches: false },
    { mode: 'start', source: 'HOTP\\Z', text: 'HOTP01', matches: false },
    { mode: 'start', source: '\\\\Z', text: '\\Z', matches: true },
    { mode: 'start', source: '(?P<kind>H)OTP', text: 'HOTP01', matches: true },
  ] as const)('$source, $mode of $text: $matches', ({ mode, source, text, matches }) => {
    expect(compileRegularExpression(source, mode)(text)).toBe(matches);
  });

  test('that backtracks without end elsewhere ends here', () => {
    const matches = compileRegularExpression('(a|aa|a*)*$x', 'search');
    const start = performance.now();
    expect(matches('a'.repeat(50_000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test.each([
    { conditions: { serial: 'HOTP' }, uses: true },
    { conditions: { realm: 'a', tokeninfo: "k '!matches' x" }, uses: true },
    { conditions: { tokeninfo: ['k == matches', "k 'matches' x"] }, uses: true },
    { conditions: { tokeninfo: 'k == v', failcounter: 5, realm: "x 'matches' y" }, uses: false },
    { conditions: { tokeninfo: 'nonsense' }, uses: false },
  ])('is needed by $conditions: $uses', ({ conditions, uses }) => {
    expect(usesRegularExpressions(conditions)).toBe(uses);
  });
});
