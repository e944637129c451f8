/** Proves that patterns are refused and matched as the engine of AWS does, on the answers measured there. */
import { compilePattern, PatternError } from '@tokenwright/event-pattern';
import { describe, expect, it } from 'vitest';
import vectors from './event-pattern.json' with { type: 'json' };

describe('compilePattern', () => {
  const [valid, invalid] = [vectors.filter((row) => row.valid), vectors.filter((row) => !row.valid)];

  it.each(valid.map((row) => [row.id, row] as const))('matches as the engine of AWS does: %s', (_, row) => {
    const matches = compilePattern(row.pattern);
    expect(row.events?.map((event) => matches(event))).toEqual(row.matches);
  });

  it.each(invalid.map((row) => [row.id, row] as const))('refuses what the engine of AWS refuses: %s', (_, row) => {
    expect(() => compilePattern(row.pattern)).toThrow(PatternError);
  });

  it('names the path and what is allowed there', () => {
    expect(() => compilePattern({ detail: { n: ['a', { prefx: 'b' }] } })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('detail.n[1]'),
        path: 'detail.n[1]',
        given: 'prefx',
      }),
    );
  });

  it.each([
    ['two fields met by one element', [{ k: 'a', j: 'b' }], true],
    [
      'two fields met by two elements of one array',
      [
        { k: 'a', j: 'x' },
        { k: 'x', j: 'b' },
      ],
      false,
    ],
    ['the element among others', [{ k: 'x' }, { k: 'a', j: 'b' }], true],
    ['an object instead of an array', { k: 'a', j: 'b' }, true],
  ])('keeps arrays of objects consistent: %s', (_, items, expected) => {
    expect(compilePattern({ detail: { items: { k: ['a'], j: ['b'] } } })({ detail: { items } })).toBe(expected);
  });

  it('judges an absent field within the element that was met', () => {
    const matches = compilePattern({ items: { j: ['b'], k: [{ exists: false }] } });
    expect(matches({ items: [{ j: 'b' }, { k: 'a' }] })).toBe(true);
    expect(matches({ items: [{ j: 'b', k: 'a' }] })).toBe(false);
  });

  it.each([
    ['10.0.0.0/24', '10.0.0.255', true],
    ['10.0.0.0/24', '10.0.1.0', false],
    ['10.0.0.0/24', '10.0.0.300', false],
    ['2001:db8::/32', '2001:db8:1::9', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['fe80::/10', 'febf:ffff::1', true],
    ['fe80::/10', 'fec0::1', false],
  ])('takes the addresses of a block: %s has %s: %s', (cidr, address, expected) => {
    expect(compilePattern({ ip: [{ cidr }] })({ ip: address })).toBe(expected);
  });

  it('multiplies parallel $or', () => {
    const matches = compilePattern({ $or: [{ a: [1] }, { b: [1] }], d: { $or: [{ x: [1] }, { y: [1] }] } });
    expect(matches({ b: 1, d: { y: 1 } })).toBe(true);
    expect(matches({ b: 1, d: { z: 1 } })).toBe(false);
  });
});
