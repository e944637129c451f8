/**
 * Mistakes in an action that the compiler refuses. `tsc` checks this file: an error that no longer occurs is an unused
 * `@ts-expect-error`, which is an error itself.
 */
import { expectTypeOf, it } from 'vitest';
import * as z from 'zod/mini';
import { defineAction, defineCreatingAction } from '../../lib/action/action.ts';
import { integerOption, textOption } from '../../lib/schema/option.ts';
import type { NewToken } from '../../lib/token/record.ts';

const name = 'set max failcount';
const about = { name, description: 'A sentence.', positions: ['post'] } as const;
const options = z.strictObject({ most: integerOption('The maximum.'), text: z.optional(textOption('A text.')) });

it('gives the change the types of the options and of what was prepared', () => {
  defineAction({
    ...about,
    options,
    prepare: async (given) => {
      expectTypeOf(given).toEqualTypeOf<{ most: number; text?: string | undefined }>();
      return { pin: '1234' };
    },
    change: (_token, given, context, prepared) => {
      expectTypeOf(given).toEqualTypeOf<{ most: number; text?: string | undefined }>();
      expectTypeOf(context.now).toBeNumber();
      expectTypeOf(prepared).toEqualTypeOf<{ pin: string }>();
      return [];
    },
  });
});

it('refuses a change that does not fit its options or its token', () => {
  // @ts-expect-error the failcounter's maximum is a number
  defineAction({ ...about, options, change: (_, { text }) => [{ kind: 'assign', path: 'maxfail', value: text }] });
  // @ts-expect-error there is no option of that name
  defineAction({ ...about, options, change: (_, given) => [{ kind: 'assign', path: 'maxfail', value: given.mots }] });
  // @ts-expect-error a token has no such attribute
  defineAction({ ...about, options, change: (_, { most }) => [{ kind: 'assign', path: 'maxfial', value: most }] });
  // @ts-expect-error a change is pure: it waits for nothing
  defineAction({ ...about, options, change: async () => [] });
  // @ts-expect-error nothing was prepared
  defineAction({ ...about, options, change: (_, __, ___, prepared) => [{ kind: prepared.kind }] });
});

it('refuses an action that is not declared whole', () => {
  const change = () => [];
  // @ts-expect-error the position is pre or post
  defineAction({ ...about, options, change, positions: ['after'] });
  // @ts-expect-error the table of actions has no such name
  defineAction({ ...about, options, change, name: 'set max failcounts' });
  // @ts-expect-error without a description
  defineAction({ name, positions: ['post'], options, change });
  // @ts-expect-error without options
  defineAction({ ...about, change });
  // @ts-expect-error without a change
  defineAction({ ...about, options });
});

it('refuses a creating action that could not announce its token again', () => {
  const token: NewToken = { serial: 'T1', tokentype: 'hotp' };
  const creating = {
    ...about,
    options,
    naming: () => ({ prefix: 'T' }),
    create: async () => ({ token, response: {} }),
    recall: async () => ({}),
  };
  const { recall: _, ...forgetful } = creating;
  defineCreatingAction(creating);
  // @ts-expect-error without recall
  defineCreatingAction(forgetful);
  // @ts-expect-error without the token
  defineCreatingAction({ ...creating, create: async () => ({ response: {} }) });
  // @ts-expect-error a serial is made of a prefix, or said whole
  defineCreatingAction({ ...creating, naming: () => ({}) });
});
