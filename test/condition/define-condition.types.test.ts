/** Mistakes in a condition that the compiler refuses: see test/action/define-action.types.test.ts. */
import { expect, expectTypeOf, it } from 'vitest';
import { decided, defineCondition } from '../../lib/condition/condition.ts';
import { names, truth } from '../../lib/condition/value.ts';

const about = { name: 'mine', group: 'token', description: 'A sentence.', needs: ['token'] } as const;

it('gives the decision the type of the value and the facts, each of which may be missing', () => {
  defineCondition({
    ...about,
    value: names('names'),
    decide: (wanted, facts) => {
      expectTypeOf(wanted).toEqualTypeOf<readonly string[]>();
      expectTypeOf(facts.serial).toEqualTypeOf<string | null | undefined>();
      return decided(true, null);
    },
  });
});

it('refuses a decision that is no verdict', () => {
  // @ts-expect-error a boolean does not say what was seen
  defineCondition({ ...about, value: truth, decide: (wanted) => wanted });
  // @ts-expect-error a decision waits for nothing
  defineCondition({ ...about, value: truth, decide: async () => decided(true, null) });
  // @ts-expect-error the value is a list
  defineCondition({ ...about, value: names('names'), decide: (wanted: string) => decided(wanted === '', wanted) });
  // @ts-expect-error terms are texts
  defineCondition({ ...about, value: truth, terms: (wanted) => [wanted], decide: () => decided(true, null) });
});

it('refuses a condition that is not declared whole', () => {
  const decide = () => decided(true, null);
  const { group: _, ...ungrouped } = about;
  // @ts-expect-error there is no such fact
  defineCondition({ ...about, value: truth, decide, needs: ['weather'] });
  // @ts-expect-error there is no such group
  defineCondition({ ...about, value: truth, decide, group: 'tokens' });
  // @ts-expect-error without a group
  defineCondition({ ...ungrouped, value: truth, decide });
  // @ts-expect-error without a value
  expect(() => defineCondition({ ...about, decide })).toThrow();
  // @ts-expect-error without a decision
  defineCondition({ ...about, value: truth });
});
