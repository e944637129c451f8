/**
 * Makes hostile variants of a valid JSON value: one to three places of it are replaced, dropped, doubled, renamed or wrapped.
 * The results are values that `JSON.parse` can return, since parsers get no others.
 */
import fc from 'fast-check';
import { isObject } from '../../lib/base/object.ts';
import { isSecretName } from '../../lib/schema/secret-names.ts';

const KEYS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'then', 'toJSON', 'valueOf'],
  ...['', ' ', 'a.b', 'two words', '#name', ':value', 'list[0]', '\u0000', '\ud800', '😀', 'k'.repeat(10_240)],
];

const TEXTS = [
  ...[
    '',
    ' ',
    ',',
    '\u0000',
    '\ud800',
    'a\udfffb',
    '\u202e',
    '😀',
    '__proto__',
    'constructor',
    'toString',
    '#n0',
    ':v0',
  ],
  ...['-0', '1e309', 'NaN', '1e3', '0x10', '١٢', '99999999999999999999', '-1', '٣', '1_000', '+1', ' 7 '],
  ...['{now}', '{now}+999999999999d', '{__proto__}', '{', '{{{', '}', '%s%n', '${jndi:x}', "' OR 1=1 --", '</script>'],
  ...['>', '<', '=', '!', '>>5', '<-1', '~', '(a+)+$', '(', '[', 'a'.repeat(2049), 'é'.repeat(1025), ','.repeat(2000)],
  ...[
    '2026-02-30T25:61:61Z',
    '0000-00-00',
    '9999-12-31T23:59:59Z',
    '1969-12-31T23:59:59Z',
    '2026-03-15T10:20:30+99:99',
  ],
  ...['999.999.999.999', '::1', '10.0.0.0/0', '10.0.0.0/33', '::/129', 'user', 'admin', 'true', 'null', '\r\nX: y'],
];

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e21,
  1e308,
  Number.POSITIVE_INFINITY,
  2 ** 31,
  2 ** 53,
  8.64e15,
  8.64e15 + 1,
  -1e15,
];

const scalar: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.double({ noNaN: true })) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(70_000), '\n'.repeat(70_000), '9'.repeat(5000)) },
);
const key = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...KEYS) }, { weight: 1, arbitrary: fc.string() });

/** Deeply nested values, within some kilobytes of JSON. */
const deep = fc
  .tuple(fc.constantFrom(101, 1500), fc.boolean())
  .map(([levels, isList]) =>
    Array.from({ length: levels }).reduce<unknown>((inner) => (isList ? [inner] : { a: inner }), 'deep'),
  );

/** Any value. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 5 }) },
  { weight: 2, arbitrary: fc.array(fc.tuple(key, scalar), { maxLength: 5 }).map(objectOf) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: deep },
);

const KINDS = ['replace', 'replace', 'replace', 'drop', 'rename', 'add', 'double', 'wrap', 'copy'] as const;
const change = fc.record({ place: fc.nat(), kind: fc.constantFrom(...KINDS), value: anything, key, other: fc.nat() });
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Variants of a valid value, and sometimes an unrelated value. */
export function variantsOf(good: unknown): fc.Arbitrary<unknown> {
  const changed = fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => changes.reduce(applied, good));
  return fc.oneof({ weight: 12, arbitrary: changed }, { weight: 1, arbitrary: anything });
}

type Path = readonly (string | number)[];

function applied(value: unknown, { place, kind, value: hostile, key: name, other }: Change): unknown {
  const paths = pathsOf(value);
  const path = paths[place % paths.length] ?? [];
  // A secret value in another place is not secret: an error may quote it.
  const isSecret = paths.some((one) => startsWith(one, path) && one.some((part) => isSecretName(String(part))));
  if (kind === 'replace') return replaced(value, path, () => hostile);
  if (kind === 'wrap') return replaced(value, path, (old) => [old]);
  if (kind === 'add') return replaced(value, path, (old) => (isObject(old) ? added(old, name, hostile) : hostile));
  if (path.length === 0 || isSecret) return value;
  if (kind === 'copy') return replaced(value, paths[other % paths.length] ?? [], (old) => partOf(value, path) ?? old);
  return replaced(value, path.slice(0, -1), (parent) => changedIn(parent, path.at(-1), kind, name));
}

function changedIn(parent: unknown, at: string | number | undefined, kind: Change['kind'], name: string): unknown {
  if (!isObject(parent)) return parent;
  const entries = Object.entries(parent).flatMap(([key, value]): [string, unknown][] => {
    if (key !== String(at)) return [[key, value]];
    if (kind === 'drop') return [];
    return kind === 'rename'
      ? [[name, value]]
      : [
          [key, value],
          [name, value],
        ];
  });
  return Array.isArray(parent) ? entries.map(([, value]) => value) : objectOf(entries);
}

const added = (old: object, name: string, value: unknown): unknown =>
  Array.isArray(old) ? [...old, value] : objectOf([...Object.entries(old), [name, value]]);

/** Makes an object with `__proto__` as an own key, as `JSON.parse` does. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (!isObject(value) || path.length > 8) return [path];
  const inner = Object.entries(value).slice(0, 40);
  return [path, ...inner.flatMap(([key, part]) => pathsOf(part, [...path, Array.isArray(value) ? Number(key) : key]))];
}

const startsWith = (path: Path, start: Path): boolean => start.every((part, i) => path[i] === part);

function partOf(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => (isObject(at) ? at[part] : undefined), value);
}

function replaced(value: unknown, [first, ...rest]: Path, make: (old: unknown) => unknown): unknown {
  if (first === undefined || !isObject(value)) return make(value);
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => [
    key,
    key === String(first) ? replaced(part, rest, make) : part,
  ]);
  return Array.isArray(value) ? entries.map(([, part]) => part) : objectOf(entries);
}

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 40 }),
  text: fc.oneof(
    fc.constantFrom(...TEXTS),
    fc.constantFrom('<', '"', "'", ': ', '\n', '\t', '&x;', ']]>', '\ufeff', '#', '- '),
  ),
});

/** Variants of a text: a piece is replaced by another. */
export function textsLike(good: string): fc.Arbitrary<string> {
  return fc.array(edit, { minLength: 1, maxLength: 2 }).map((edits) =>
    edits.reduce((all, { at, length, text }) => {
      const start = Math.floor(at * all.length);
      return `${all.slice(0, start)}${text}${all.slice(start + length)}`;
    }, good),
  );
}
