import { expect, it } from 'vitest';
import { findAction } from '../../lib/action/catalogue.ts';
import { actionSchema, describeActions } from '../../lib/action/describe.ts';

function optionsOf(name: string) {
  const action = findAction(name);
  const [described] = describeActions(action ? [action] : []);
  return described?.options.map((option) => [option.name, option.type, option.required, option.allowed]);
}

it.each([
  [
    'set tokenrealm',
    [
      ['realm', 'string', true, null],
      ['only_realm', 'boolean', false, [true, false]],
    ],
  ],
  ['set countwindow', [['count window', 'integer', true, null]]],
  ['set failcounter', [['fail counter', 'string or integer', true, null]]],
  ['set validity', ['valid from', 'valid till'].map((name) => [name, 'string', false, null])],
])('tells of "%s" what is meant by each option, and not in how many forms it may be written', (name, options) => {
  expect(optionsOf(name)).toEqual(options);
});

it('says in the schema what a number and a flag may be written as', () => {
  const actions = ['set random pin', 'set tokenrealm'].map(findAction).filter((one) => one !== undefined);
  expect(actionSchema(actions)).toMatchObject({
    oneOf: [
      {
        properties: {
          options: {
            properties: {
              length: { type: ['integer', 'string'], pattern: '^\\s*[+-]?[0-9]+\\s*$', minimum: 1, maximum: 31 },
            },
          },
        },
      },
      {
        properties: {
          options: {
            properties: {
              only_realm: {
                enum: [true, 1, '1', 'true', 'True', 'TRUE', false, 0, '0', 'false', 'False', 'FALSE'],
              },
            },
          },
        },
      },
    ],
  });
});
