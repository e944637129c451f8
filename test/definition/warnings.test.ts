import { describe, expect, it } from 'vitest';
import { Definition } from '../../lib/definition/definition.ts';
import { warningsOf } from '../../lib/definition/warnings.ts';
import { parse } from '../../lib/schema/validate.ts';

const warn = (body: object) =>
  warningsOf(
    parse(Definition, { id: 1, event: 'token_init', position: 'pre', action: 'disable', ...body }, 'bad_definition'),
  );

describe('a condition that can never be known', () => {
  it('is named with event, position and condition', () => {
    expect(warn({ conditions: { tokentype: 'hotp' } })).toEqual([
      {
        code: 'never_known',
        path: 'conditions.tokentype',
        message:
          'tokentype can never be known at "pre" of token_init: the token is yet to be made; what the manual says of ' +
          'a missing one decides ("when_missing": "fail" would not take it for a match)',
      },
    ]);
  });

  it('is named at each event of the definition where it is so, and at no other', () => {
    const event = ['token_init', 'token_assign'];
    expect(warn({ event, conditions: [{ realm: 'a' }, { serial: 'A' }] }).map(({ path }) => path)).toEqual([
      'conditions[1].serial',
    ]);
  });

  it('never lets a definition act that wants missing facts to fail', () => {
    expect(warn({ conditions: { failcounter: '<5' }, when_missing: 'fail' })[0]?.message).toMatch(
      'so the definition never acts',
    );
    expect(warn({ unless: { failcounter: '<5' }, when_missing: 'fail' })[0]?.message).toMatch(
      'so it never stops the definition',
    );
  });

  it('warns of a condition on the response where there is no response yet', () => {
    const conditions = { result_value: 'True', client_ip: '10.0.0.0/8', detail_message: 'x' };
    expect(warn({ event: 'validate_check', conditions }).map(({ path }) => path)).toEqual([
      'conditions.result_value',
      'conditions.detail_message',
    ]);
  });

  it('is one on a container that is yet to be made', () => {
    expect(warn({ event: 'container_init', conditions: { container_type: 'x', tokentype: 'hotp' } })).toHaveLength(1);
  });
});

describe('nothing is said', () => {
  it.each<[string, object]>([
    ['behind the event', { position: 'post', conditions: { tokentype: 'hotp', result_value: 'True' } }],
    ['of conditions on the user', { conditions: { realm: 'realm1', user_token_number: '0' } }],
    ["where the definition is about the user's tokens", { target: 'user', conditions: { tokentype: 'hotp' } }],
    ['of a definition without conditions', {}],
  ])('%s', (_name, body) => expect(warn(body)).toEqual([]));
});
