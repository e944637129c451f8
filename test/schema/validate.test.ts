/** test/schema proves that input is checked completely, and each error names its path and what is allowed. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { integerOption } from '../../lib/schema/option.ts';
import { check } from '../../lib/schema/validate.ts';

function faultOf(schema: z.ZodMiniType, value: unknown) {
  const result = check(schema, value, 'bad_event');
  return result.ok ? null : result.errors.map(({ message, details }) => ({ message, ...details }));
}

describe('what was given', () => {
  it('is told where it is a plain value', () => {
    expect(faultOf(z.object({ a: z.string() }), { a: 5 })).toEqual([
      { message: 'must be a string, not a number', path: 'a', given: 5 },
    ]);
  });

  it.each(['pin', 'OTPKey', 'motppin'])('is not repeated under %s', (name) => {
    const schema = z.object({ [name]: z.string().check(z.regex(/^x$/, 'must be x')) });
    expect(faultOf(schema, { [name]: 'geheim' })).toEqual([{ message: 'must be x', path: name }]);
  });

  it('is told by its beginning where it is long, and not at all where fields are expected: it may be all of them', () => {
    expect(faultOf(z.number(), 'x'.repeat(61))).toEqual([
      { message: 'must be a number, not a string', given: `${'x'.repeat(60)}...` },
    ]);
    const object = z.object({ pin: z.string() });
    const list = z.array(object);
    const record = z.record(z.string(), z.string());
    for (const schema of [object, list, record]) {
      expect(faultOf(schema, 'pin: geheim')).toEqual([{ message: expect.stringMatching(/, not a string$/) }]);
    }
  });

  it('is not repeated where it may hold anything', () => {
    expect(faultOf(z.object({ a: z.string() }), { a: { pin: 'geheim' } })).toEqual([
      { message: 'must be a string, not an object', path: 'a' },
    ]);
  });
});

it('names the allowed words for an unknown one, and suggests the closest', () => {
  const fault = { allowed: ['current', 'siblings'], message: 'must be one of "current", "siblings"' };
  const schema = z.enum(['current', 'siblings']);
  expect(faultOf(schema, 'sibling')).toEqual([
    { ...fault, message: `${fault.message}; did you mean "siblings"?`, given: 'sibling' },
  ]);
  expect(faultOf(schema, 5)).toEqual([{ ...fault, given: 5 }]);
  expect(faultOf(z.record(z.string(), z.unknown()), 'x')?.[0]?.message).toBe('must be an object, not a string');
});

describe('several forms', () => {
  it('are named if none of them fits', () => {
    expect(faultOf(z.union([z.string(), z.number()]), true)).toEqual([
      { message: 'must be a string or a number, not a boolean', given: true },
    ]);
  });

  it('leave the word to the one that says it best', () => {
    expect(faultOf(z.union([z.literal('max'), integerOption('how much')]), 'many')).toEqual([
      { message: '"many" is not an integer', given: 'many', allowed: 'an integer' },
    ]);
  });
});

it('a list that is too short is counted in entries', () => {
  expect(faultOf(z.array(z.string()).check(z.minLength(1)), [])?.[0]?.message).toBe('must be at least 1 entries long');
});
