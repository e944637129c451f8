/** Every condition, by the table in cases.ts. */
import { beforeAll, describe, expect, test } from 'vitest';
import { conditions, findCondition } from '../../lib/condition/catalogue.ts';
import { allKnown, decide, type Facts, type Verdict } from '../../lib/condition/condition.ts';
import { loadRegularExpressions } from '../../lib/condition/regular-expression.ts';
import { answering, cases, from } from './cases.ts';
import { factsOf, makeToken, NOTHING } from './facts.ts';

beforeAll(loadRegularExpressions);

describe('a condition', () => {
  test('has its name once and is in the table of cases', () => {
    const names = conditions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.toSorted()).toEqual([...new Set(cases.map(({ name }) => name))].toSorted());
  });

  test.each(cases)('$name $value holds', ({ name, value, holds }) => {
    expect(verdict(name, value, { ...NOTHING, ...holds })).toMatchObject({ holds: true, known: true });
  });

  test.each(cases)('$name $value does not hold', ({ name, value, fails }) => {
    expect(verdict(name, value, { ...NOTHING, ...fails }).holds).toBe(false);
  });

  test.each(cases)('$name $value says that its fact is missing', ({ name, value, missingHolds }) => {
    expect(verdict(name, value, NOTHING)).toEqual({ holds: missingHolds, known: false, saw: null });
  });

  test.each(conditions)('$name needs in general what its values need', (condition) => {
    const value = cases.find(({ name }) => name === condition.name)?.value ?? '';
    expect(condition.parse(value).needs).toEqual(condition.needs);
  });
});

describe('a token in no realm', () => {
  test.each(['tokenrealm', 'tokenresolver'])('satisfies %s by the rule, which is no knowledge', (name) => {
    expect(verdict(name, 'realm9', { ...NOTHING, token: makeToken() })).toEqual({
      holds: true,
      known: false,
      saw: null,
    });
  });
});

describe('facts', () => {
  test('wait for what is not known yet', () => {
    const parsed = parse('token_is_orphaned', 'True');
    const { owner: _, ...withoutOwner } = NOTHING;
    expect([allKnown(parsed, NOTHING), allKnown(parsed, withoutOwner)]).toEqual([true, false]);
  });

  test('of the whole list of tokens do not hold up token_locked, which has its token', () => {
    const { user_tokens: _, ...facts } = { ...NOTHING, token: makeToken({ failcount: 10 }) };
    expect(verdict('token_locked', 'True', facts)).toMatchObject({ holds: true, known: true });
  });
});

describe('what cannot be evaluated', () => {
  test.each<{ name: string; value: string; info: Readonly<Record<string, string>>; error: string }>([
    {
      name: 'count_auth',
      value: '<5',
      info: { count_auth: 'many' },
      error: 'tokeninfo count_auth is not an integer: "many"',
    },
    {
      name: 'last_auth',
      value: '1h',
      info: { last_auth: 'yesterday' },
      error: 'info.last_auth: the stored value "yesterday" cannot be read',
    },
    {
      name: 'token_validity_period',
      value: 'False',
      info: { validity_period_end: 'soon' },
      error: 'info.validity_period_end: the stored value "soon" cannot be read',
    },
    { name: 'tokeninfo', value: "k '!date_within_last' 1d", info: { k: 'v' }, error: '"v" is not a date' },
    { name: 'tokeninfo', value: "k 'date_before' {now}", info: { k: '' }, error: '"" is not a date' },
  ])('$name $value of $info does not hold and says why', ({ name, value, info, error }) => {
    expect(verdict(name, value, { ...NOTHING, token: makeToken({ info }) })).toEqual({
      holds: false,
      known: true,
      failed: true,
      saw: { error },
    });
  });

  test.each([
    { response: { detail: null }, error: 'response.detail cannot be searched' },
    { response: { detail: { error: 'text' } }, error: 'response.detail.error cannot be searched' },
    { response: { detail: { error: { message: 7 } } }, error: 'response.detail.error.message cannot be searched' },
  ])('an error message in $response', ({ response, error }) => {
    expect(verdict('detail_error_message', '.*', { ...NOTHING, ...answering(response) })).toMatchObject({
      holds: false,
      saw: { error },
    });
  });

  test('an invalid client address', () => {
    expect(verdict('client_ip', '0.0.0.0/0', { ...NOTHING, ...from('localhost') })).toMatchObject({
      saw: { error: '"localhost" is not an address' },
    });
  });

  test('a fault of the program is not hidden', () => {
    const broken = {
      needs: [],
      decide: () => {
        throw new TypeError('broken');
      },
    };
    expect(() => decide(broken, NOTHING)).toThrow(TypeError);
  });
});

test("an attribute's name that every object has is not an attribute", () => {
  const facts = factsOf({ tokens: [{ serial: 'A', info: {} }], event: { request: { serial: 'A' } } });
  expect(verdict('tokeninfo', 'constructor != x', facts)).toMatchObject({ holds: false });
  expect(verdict('counter', 'toString == 0', facts)).toMatchObject({ holds: true });
});

function parse(name: string, value: string) {
  const condition = findCondition(name);
  if (!condition) throw new Error(`no condition ${name}`);
  return condition.parse(value);
}

function verdict(name: string, value: string, facts: Facts): Verdict {
  return decide(parse(name, value), facts);
}
