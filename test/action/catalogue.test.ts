/**
 * test/action proves the catalogue of actions, its descriptions and the limits of their options; what each action
 * changes is proved by test/scenarios.
 *
 * Here: the table and the catalogue have the same actions.
 */
import { expect, it } from 'vitest';
import { actions } from '../../lib/action/catalogue.ts';
import { ACTION_NAMES } from '../../lib/action/table.ts';

it('each line of the table has the action of that name', () => {
  expect(actions.map(({ name }) => name)).toEqual(ACTION_NAMES);
});

it.each(actions.map((action) => [action.name, action] as const))('%s takes its example', (_, { options, example }) => {
  expect(options.safeParse(example ?? {}).error?.issues).toBeUndefined();
});
