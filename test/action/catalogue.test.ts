import { expect, it } from 'vitest';
import { actions } from '../../lib/action/catalogue.ts';
import { ACTION_NAMES } from '../../lib/action/names.ts';

it('the names that dispatch knows are those of the actions that there are', () => {
  expect(actions.map(({ name }) => name).sort()).toEqual([...ACTION_NAMES].sort());
});
