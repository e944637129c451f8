import { describe, expect, it } from 'vitest';
import { decideClause, parseClauses } from '../../lib/condition/clause.ts';
import type { Facts } from '../../lib/condition/condition.ts';
import { newRecord, viewToken } from '../../lib/token/record.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const token = viewToken(newRecord({ serial: 'A', tokentype: 'hotp', info: { last: 'never', state: 'new' } }));
const FACTS: Facts = {
  now: NOW,
  timezone: 'UTC',
  event: { client_ip: null, logged_in_user: undefined, response: null },
  token,
};

function passes(definition: { conditions?: Record<string, unknown>; unless?: Record<string, unknown> }): boolean[] {
  const { conditions = {}, unless = {} } = definition;
  const { clauses, errors } = parseClauses({ conditions, unless, when_missing: 'hold' });
  expect(errors).toEqual([]);
  return clauses.map((clause) => decideClause(clause, FACTS).passes);
}

describe('a condition that cannot be evaluated', () => {
  const unreadable = { tokeninfo: "last 'date_before' 2026-01-01" };

  it('does not hold', () => expect(passes({ conditions: unreadable })).toEqual([false]));

  it('does not make a definition act under "unless"', () => expect(passes({ unless: unreadable })).toEqual([false]));

  it('is no matter where another value of its list holds', () =>
    expect(passes({ conditions: { tokeninfo: [unreadable.tokeninfo, 'state == new'] } })).toEqual([true]));

  it('stops the definition where another value under "unless" is merely false', () =>
    expect(passes({ unless: { tokeninfo: ['state == old', unreadable.tokeninfo] } })).toEqual([false]));
});

it('tells every fault of a list of values, and what an empty list may hold', () => {
  const { errors } = parseClauses({
    conditions: { failcounter: ['x', '<5', 'y'], realm: [] },
    unless: {},
    when_missing: 'hold',
  });
  expect(errors.map(({ details: { path, given } }) => [path, given])).toEqual([
    ['conditions.failcounter', 'x'],
    ['conditions.failcounter', 'y'],
    ['conditions.realm', []],
  ]);
  expect(errors[2]?.details.allowed).toBe('realms separated by commas, without spaces');
});
