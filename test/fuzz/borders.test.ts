/**
 * test/fuzz proves that every parser of input refuses hostile input with a code: no crash, no hang, no change.
 *
 * Runs every parser on hostile input: no crash, no untyped error, no hang, no prototype pollution.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocument } from '../../cli/input/read-file.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { findAction } from '../../lib/action/catalogue.ts';
import { conditions } from '../../lib/condition/catalogue.ts';
import { decideClause } from '../../lib/condition/clause.ts';
import { checkDefinitions } from '../../lib/definition/check.ts';
import { compileDefinition } from '../../lib/definition/compile.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { dropSecrets } from '../../lib/event/boundary.ts';
import { BareStep, Slip } from '../../lib/event/slip.ts';
import { eventKey, stepId } from '../../lib/event/step-id.ts';
import { parse } from '../../lib/schema/validate.ts';
import { itemOf, recordOf } from '../../lib/token/item.ts';
import { newRecord } from '../../lib/token/record.ts';
import { NOTHING } from '../condition/facts.ts';
import { HOSTILE } from './corpus.ts';
import { EVENT } from './good.ts';
import { survives } from './hostile.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');

const SLIP = {
  action: 'disable',
  event: { id: 'e1', name: 'auth', source: 'test', position: 'post', time: NOW },
  serial: 'T1',
  facts: { client_ip: '10.0.0.1' },
  steps: [{ definition: 1, version: 1, action: 'disable', open: [0] }],
  at: 0,
};

const BARE = {
  action: 'set tokeninfo',
  options: { key: 'a', value: 'b' },
  serials: ['T1', 'T2'],
  event: { id: 'e1', name: 'auth', time: '2026-03-15T10:20:30Z' },
};

/** One definition that uses every condition. */
const DEFINITION = {
  id: 3,
  name: '30 days',
  active: true,
  ordering: 0,
  position: 'post',
  event: ['token_init', 'auth'],
  handlermodule: 'Token',
  action: 'set validity',
  options: { 'valid from': '+0m', 'valid till': '+30d' },
  conditions: Object.fromEntries(conditions.map(({ name }) => [name, '1'])),
  unless: { tokentype: 'totp' },
  abort_on_error: false,
  target: 'current',
};

const ITEM = itemOf({
  ...newRecord({ serial: 'T1', tokentype: 'hotp', realms: ['realm1'], info: { a: 'b' } }),
  version: 1,
});

const SCENARIO = {
  realms: { realm1: ['resolver1'] },
  users: [{ login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000', email: 'a@b.c' }],
  tokens: [{ serial: 'T1', tokentype: 'hotp', info: { a: 'b' } }],
  definitions: [{ id: 1, name: 'a', event: 'auth', action: 'disable' }],
  events: [EVENT],
};

/** Each parser with a valid value, and a check that it accepts that value. */
const BORDERS: readonly [name: string, good: unknown, border: (input: unknown) => unknown][] = [
  ['an auth event', EVENT, (input) => expectParsed(parseAuthEvent(dropSecrets(input).value))],
  ['a step event', SLIP, (input) => JSON.stringify(parse(Slip, input, 'bad_step'))],
  [
    'a bare step',
    BARE,
    (input) => {
      const { action, options, serials, event } = parse(BareStep, input, 'bad_step');
      const { id, name } = event;
      return stepId(
        eventKey({ source: '', id, name, position: 'post', user: null, serials }),
        { action, options },
        null,
      );
    },
  ],
  ['definitions that are saved', [DEFINITION], (input) => checkDefinitions(input, findAction, ['set validity'])],
  [
    'a definition that is loaded',
    DEFINITION,
    async (body) => {
      const result = await compileDefinition({ id: 3, version: 1, body });
      return result.ok && result.compiled.clauses.map((clause) => decideClause(clause, NOTHING));
    },
  ],
  ['a token item', ITEM, recordOf],
  ['a scenario file', SCENARIO, (input) => readScenario(input, NOW)],
];

function expectParsed<T extends { readonly ok: boolean }>(parsed: T): T {
  return parsed;
}

/** The time limits: 50 ms for data in events, a second for files of administrators. */
const ON_THE_WAY = ['an auth event', 'a step event', 'a bare step', 'a token item'];

describe.each(BORDERS)('%s', (name, good, border) => {
  it('is taken when it is good', async () => {
    await expect(Promise.resolve(border(good))).resolves.toBeDefined();
  });

  it('survives each of the corpus', async () => {
    for (const value of HOSTILE) await survives(border, value, ON_THE_WAY.includes(name) ? 50 : 1000);
  });
});

describe('a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokenwright-fuzz-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const LAUGHS = [
    'a: &a [x, x]',
    ...[...'bcdefghij'].map((name, i) => `${name}: &${name} [${`*${'abcdefghi'[i]}, `.repeat(9)}]`),
  ];

  it.each([
    ['aliases that multiply', LAUGHS.join('\n')],
    ['an alias that leads nowhere', 'a: *b'],
    ['two documents', 'a: 1\n---\nb: 2'],
    ['a tag', 'a: !!js/function "() => 1"'],
    ['a merge', '<<: {__proto__: {polluted: true}}'],
    ['broken JSON', '{"a": [1, }'],
    ['nothing', ''],
    ['no text', '\u0000\u0001\ufffe'],
    ['deep brackets', '['.repeat(5000)],
  ])('with %s is read or refused', async (_, text) => {
    const path = join(folder, 'file');
    await writeFile(path, text);
    await readDocument(path).catch((error: unknown) => expect(error).toMatchObject({ code: 'bad_file' }));
    expect('polluted' in {}).toBe(false);
  });
});
