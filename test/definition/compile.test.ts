/**
 * test/definition proves that definitions are checked, stored in versions, found by their events, and changed by one
 * writer at a time.
 */
import { describe, expect, it } from 'vitest';
import { actions } from '../../lib/action/catalogue.ts';
import { ACTION_NAMES } from '../../lib/action/table.ts';
import { checkDefinitions } from '../../lib/definition/check.ts';
import { compileDefinition } from '../../lib/definition/compile.ts';
import { indexDefinitions } from '../../lib/definition/definition-index.ts';
import type { AuthEvent } from '../../lib/event/auth-event.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { eventTerms } from '../../lib/plan/event-terms.ts';
import { brokenDefinitions } from '../../lib/plan/plan-outcomes.ts';

const BODY = { id: 3, name: 'd', event: 'auth', action: 'disable' };
const compile = (change: Record<string, unknown>) =>
  compileDefinition({ id: 3, version: 1, body: { ...BODY, ...change } });

async function brokenBy(change: Record<string, unknown>) {
  const compiled = await compile(change);
  if (compiled.ok) throw new Error('it compiles');
  return compiled.broken;
}

it('the names of actions are those of the catalogue', () => {
  expect(ACTION_NAMES).toEqual(actions.map(({ name }) => name));
});

describe('a stored definition', () => {
  it('converts the name to the one on the bus, in whatever form it was written', async () => {
    expect(await compile({ action: ' Disable' })).toMatchObject({
      ok: true,
      compiled: { definition: { action: 'disable' } },
    });
  });

  it('uses the id under which it is stored', async () => {
    expect(await compile({ id: 9 })).toMatchObject({ ok: true, compiled: { definition: { id: 3 } } });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['with an action that no rule of the bus takes', { action: 'explode' }, 'there is no action "explode"'],
    [
      'with a target of all tokens of a state that nobody has confirmed',
      { target: 'disabled' },
      'confirm it with "confirm": true',
    ],
    ['with a condition that there is not', { conditions: { moon: 'full' } }, 'there is no condition "moon"'],
  ])('is broken %s', async (_name, change, message) => {
    expect((await brokenBy(change)).error).toMatchObject({
      code: 'bad_definition',
      message: expect.stringContaining(message),
    });
  });
});

describe('a broken definition is reported', () => {
  const event = (position: string): AuthEvent => {
    const detail = { position };
    const parsed = parseAuthEvent({
      id: 'e',
      source: 's',
      'detail-type': 'auth',
      time: '2026-03-15T10:20:30Z',
      detail,
    });
    if (!parsed.ok) throw parsed.errors[0];
    return parsed.value;
  };
  it.each<[string, Record<string, unknown>, string, number]>([
    ['with its events', {}, 'post', 1],
    ['at its position only', { position: 'pre' }, 'post', 0],
    ['at its own position', { position: 'pre' }, 'pre', 1],
    ['where "1" says that it is active', { active: '1' }, 'post', 1],
    ['where active is null, which is absent', { active: null }, 'post', 1],
    ['not where it is inactive', { active: 'False' }, 'post', 0],
    ['not with other events', { event: ['token_init'] }, 'post', 0],
  ])('%s', async (_name, change, position, count) => {
    const stored = { id: 3, version: 1, body: { ...BODY, action: 'explode', ...change } };
    const auth = event(position);
    const index = indexDefinitions([stored], compileDefinition);
    const { broken } = await index.find(auth.position, auth.name, eventTerms(auth));
    expect(brokenDefinitions(auth, broken)).toHaveLength(count);
  });
});

describe('checking definitions', () => {
  const check = (input: unknown) => checkDefinitions(input, () => actions[3], ACTION_NAMES);

  it('refuses a definition of no event, and does not take it for an empty list', async () => {
    expect((await check({ ...BODY, event: [] })).errors.map(({ details }) => details.path)).toEqual([
      'definitions[0].event',
    ]);
  });

  it('refuses a misspelt key, which would leave a definition without conditions', async () => {
    const { errors } = await check([{ ...BODY, condition: { tokentype: 'hotp' } }]);
    expect(errors.map(({ details }) => details.path)).toEqual(['definitions[0].condition']);
  });

  it('takes an export with the empty column "condition" that privacyIDEA has beside "conditions"', async () => {
    expect(
      (
        await check([
          { ...BODY, condition: '' },
          { ...BODY, id: 4, condition: null },
        ])
      ).errors,
    ).toEqual([]);
  });

  it('reports all faults of a definition at once, of every kind', async () => {
    const { errors } = await check([
      {
        id: 'x',
        event: 'auth',
        action: 'disable',
        conditions: { failcounter: '~5' },
        options: { a: 1 },
        target: 'all',
      },
    ]);
    expect(errors.map(({ details }) => details.path)).toEqual([
      'definitions[0].id',
      'definitions[0].target',
      'definitions[0].conditions.failcounter',
      'definitions[0].options.a',
    ]);
  });

  it('takes an empty export', async () => {
    expect(await check({ event: [] })).toEqual({ definitions: [], errors: [], leftOut: [] });
  });
});
