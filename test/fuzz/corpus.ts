/** Values that often break programs: each is tried at every parser, alone and at a random place of a valid value. */
export const HOSTILE: readonly unknown[] = [
  null,
  '',
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  '{now}{__proto__}{',
  '<'.repeat(500),
  '('.repeat(500),
  'a'.repeat(100_000),
  ' '.repeat(50_000),
  '0'.repeat(5000),
  '1,'.repeat(2000),
  '2026-02-30T25:61:61Z',
  '+999999999999d',
  '-0',
  0,
  -0,
  1e308,
  -1,
  2 ** 53,
  Number.NaN,
  [],
  {},
  [[[[[]]]]],
  Array.from({ length: 3000 }, () => 'x'),
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
  JSON.parse('{"toString": null, "hasOwnProperty": 1, "length": -1, "valueOf": []}'),
  nested(150, () => ({})),
  nested(20_000, (inner) => ({ a: inner })),
  nested(20_000, (inner) => [inner]),
];

export function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}
