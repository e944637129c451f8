import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { actions } from '../../lib/action/catalogue.ts';
import { diffDefinitions } from '../../lib/definition/diff.ts';
import { exportDefinitions } from '../../lib/definition/export.ts';
import { NOTHING, propose } from '../../lib/definition/propose.ts';
import { memoryBox } from '../support/secrets.ts';

const FILE = join(import.meta.dirname, 'files', 'privacyidea-config.json');

it('import, export, import gives the same fifty definitions', async () => {
  const box = memoryBox();
  const input: unknown = JSON.parse(readFileSync(FILE, 'utf8'));
  const first = await propose([{ input }], NOTHING, 'merge', box);
  const bodies = new Map(first.definitions.map((one) => [one.id, one]));
  const { exported } = await exportDefinitions(bodies, box);
  const second = await propose([{ input: JSON.parse(JSON.stringify(exported)) }], NOTHING, 'merge', box);
  expect(first.leftOut).toEqual([{ name: 'mail', handlermodule: 'UserNotification' }]);
  expect(first.ignored).toEqual(['policy', 'resolver']);
  expect(new Set(first.definitions.map(({ action }) => action)).size).toBe(19);
  expect(diffDefinitions(bodies, new Map(second.definitions.map((one) => [one.id, one])))).toEqual([]);
  expect(second.definitions).toEqual(first.definitions);
  expect(second.definitions).toHaveLength(50);
});

/** More than their examples. */
const OPTIONS: Readonly<Record<string, fc.Arbitrary<Record<string, unknown>>>> = {
  'set tokenrealm': fc.record({ realm: fc.constantFrom('r1', 'r2'), only_realm: fc.constantFrom('0', '1', '') }),
  enroll: fc.record({ tokentype: fc.constant('motp'), motppin: fc.stringMatching(/^[0-9]{4,8}$/) }),
  'set description': fc.record({
    description: fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/[{}]/.test(text)),
  }),
  'set validity': fc.record({
    'valid from': fc.constantFrom('', '+1h'),
    'valid till': fc.constantFrom('+30d', '2030-12-23'),
  }),
  'set countwindow': fc.record({ 'count window': fc.constantFrom('10', 20) }),
  'set tokeninfo': fc.record({ key: fc.constantFrom('a', 'b.c'), value: fc.constantFrom('1', '{now}', '"quoted": é') }),
  'increase tokeninfo': fc.record({ key: fc.constant('a'), increment: fc.constantFrom('1', '-3') }),
  'set failcounter': fc.record({ 'fail counter': fc.constantFrom('0', 7) }),
  'change failcounter': fc.record({ 'change fail counter': fc.constantFrom('+1', '-2') }),
  'set max failcount': fc.record({ 'max failcount': fc.constantFrom('5', 50) }),
  'set random pin': fc.record({ length: fc.constantFrom('4', 8) }),
  'attach application': fc.constant({ application: 'luks', 'machine ID': 'host' }),
};
const CONDITIONS = fc.record(
  {
    tokentype: fc.constantFrom('hotp', 'hotp,totp'),
    failcounter: fc.constantFrom('<5', ['<2', '>8']),
    token_locked: fc.constantFrom('True', false),
  },
  { requiredKeys: [] },
);

const definition = fc.constantFrom(...actions).chain(({ name: action, example = {} }) =>
  fc.record({
    action: fc.constant(action),
    options: OPTIONS[action] ?? fc.constant(example),
    name: fc.string({ maxLength: 12 }),
    active: fc.constantFrom(true, false, '1', 'False'),
    ordering: fc.constantFrom(0, 3, '7', null),
    event: fc.constantFrom('auth', 'token_init, auth', ['validate_check', 'a_sender_s_own']),
    conditions: fc.oneof(CONDITIONS, fc.array(CONDITIONS, { maxLength: 2 })),
    unless: CONDITIONS,
    when_missing: fc.constantFrom('hold', 'fail'),
    abort_on_error: fc.boolean(),
  }),
);

it('import, export, import gives the same set, for any contents and any way to write them', async () => {
  const used = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(definition, { maxLength: 8 }), fc.boolean(), async (list, asYaml) => {
      const box = memoryBox();
      const first = await propose([{ input: list.map((one, i) => ({ id: i + 1, ...one })) }], NOTHING, 'merge', box);
      for (const { action } of first.definitions) used.add(action);
      const { exported } = await exportDefinitions(new Map(first.definitions.map((one) => [one.id, one])), box);
      const input: unknown = asYaml ? parse(stringify(exported)) : JSON.parse(JSON.stringify(exported));
      const second = await propose([{ input }], first.current, 'merge', box);
      expect(second.definitions).toEqual(first.definitions);
    }),
    { numRuns: 100 },
  );
  expect(used).toEqual(new Set(actions.map(({ name }) => name)));
});

describe('takes every form in which privacyIDEA exports', () => {
  const { event: peer, ...rest } = JSON.parse(readFileSync(FILE, 'utf8')) as { event: object[] };

  it.each<[string, unknown]>([
    ['a list', peer],
    ['{"event": [...]}', { event: peer }],
    ['the whole configuration', { ...rest, event: peer }],
    ['the whole configuration, through YAML', parse(stringify({ ...rest, event: peer }))],
  ])('%s', async (_form, input) => {
    const { definitions, leftOut } = await propose([{ input }], NOTHING, 'merge', memoryBox());
    expect([definitions.length, leftOut]).toEqual([50, [{ name: 'mail', handlermodule: 'UserNotification' }]]);
  });
});
