/**
 * test/tokentype proves that each token type makes, announces and checks its passwords as its standard says.
 *
 * Mistakes in a token type that the compiler refuses: see test/action/define-action.types.test.ts.
 */
import { expectTypeOf, it } from 'vitest';
import * as z from 'zod/mini';
import { integerOption } from '../../lib/schema/option.ts';
import { defineTokenType, type NewSecret } from '../../lib/tokentype/token-type.ts';

const parameters = { digits: z.optional(integerOption('How many.')) };
const made: NewSecret = { secret: null, otplen: 6, info: {} };
const about = { name: 'mine', prefix: 'MINE', description: 'A sentence.', tokenkind: 'software', parameters } as const;
const rest = { make: async () => made, announce: () => ({}), verify: () => null };

it('gives make and check the types of the parameters', () => {
  defineTokenType({
    ...about,
    ...rest,
    check: (given) => expectTypeOf(given).toEqualTypeOf<{ readonly digits: number | undefined }>(),
    make: async ({ digits }, source) => {
      expectTypeOf(digits).toEqualTypeOf<number | undefined>();
      expectTypeOf(source.text).returns.toEqualTypeOf<Promise<string>>();
      return made;
    },
  });
});

it('refuses a verification that does not answer with the state that is left', () => {
  // @ts-expect-error a boolean says nothing of the state
  defineTokenType({ ...about, ...rest, verify: () => true });
  // @ts-expect-error a verification is pure: it waits for nothing
  defineTokenType({ ...about, ...rest, verify: async () => ({}) });
  // @ts-expect-error the counter is a number
  defineTokenType({ ...about, ...rest, verify: () => ({ count: '1' }) });
  // @ts-expect-error tokeninfo holds texts
  defineTokenType({ ...about, ...rest, verify: () => ({ info: { timeShift: 0 } }) });
});

it('refuses a type that is not declared whole', () => {
  const { verify: _verify, ...unverified } = rest;
  const { announce: _announce, ...silent } = rest;
  const { prefix: _prefix, ...nameless } = about;
  defineTokenType({ ...about, ...rest });
  // @ts-expect-error without verify
  defineTokenType({ ...about, ...unverified });
  // @ts-expect-error without announce
  defineTokenType({ ...about, ...silent });
  // @ts-expect-error without a prefix
  defineTokenType({ ...nameless, ...rest });
  // @ts-expect-error a secret is bytes, or there is none
  defineTokenType({ ...about, ...rest, make: async () => ({ ...made, secret: 'abc' }) });
  // @ts-expect-error there is no parameter of that name
  defineTokenType({ ...about, ...rest, make: async ({ digit }) => ({ ...made, otplen: digit }) });
  // @ts-expect-error passwords are sent to a phone or by e-mail
  defineTokenType({ ...about, ...rest, sentTo: 'pager' });
});
