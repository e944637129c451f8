/** The answers of the HTTP API as schemas, for the OpenAPI document. Tests compare real answers with them. */
import * as z from 'zod/mini';
import { UserIdentity } from '../directory/user.ts';
import { OutcomeSchema } from '../event/outcome-schema.ts';
import { KeptOutcome } from '../event/outcome-store.ts';

const text = z.string();
const value = z.unknown();
const orNull = z.nullable(text);

/** RFC 9457. */
export const ProblemAnswer = z.object({
  type: z.literal('about:blank'),
  title: text,
  status: z.int(),
  code: text.check(z.describe('Of the first error.')),
  errors: z.array(
    z.object({
      code: text.check(z.describe('Stable: for programs.')),
      path: text.check(z.describe('The value at fault, as in `conditions.failcounter`; empty: the whole.')),
      message: text.check(z.describe('For people.')),
      given: z.optional(z.unknown().check(z.describe('A text, number or flag that was refused; never a secret.'))),
      allowed: z.optional(z.union([text, z.array(text)]).check(z.describe('What is allowed.'))),
    }),
  ),
});

/** The stored definition, its secrets masked. */
export const DefinitionAnswer = z.looseObject({ id: z.int(), version: z.int() });
export const DefinitionsAnswer = z.object({
  set: z.int().check(z.describe('The number of the applied set.')),
  definitions: z.array(DefinitionAnswer),
});

const Warning = z.object({ id: z.int(), name: text, code: text, path: text, message: text });
export const PutAnswer = z.looseObject({ id: z.int(), version: z.int(), warnings: z.array(Warning) });
export const DeleteAnswer = z.object({ set: z.int(), id: z.int() });

const Changes = z.array(z.object({ path: text, before: value, after: value }));
export const HistoryAnswer = z.object({
  versions: z.array(
    z.object({
      version: z.int(),
      in_force: z.boolean(),
      deleted: z.boolean(),
      at: orNull,
      by: orNull,
      how: orNull,
      message: orNull,
      changes: Changes,
      definition: z.nullable(z.looseObject({})),
    }),
  ),
});

const proposal = {
  set: z.int().check(z.describe('The number of the set that it was planned for.')),
  changes: z.array(z.object({ kind: z.enum(['add', 'change', 'remove']), id: z.int(), name: text, fields: Changes })),
  summary: z.object({ add: z.int(), change: z.int(), remove: z.int(), unchanged: z.int() }),
  warnings: z.array(Warning),
  left_out: z.array(z.object({ name: text, handlermodule: text })),
};
export const PlanAnswer = z.object(proposal);
export const ApplyAnswer = z.object({
  applied: z.array(z.object({ id: z.int(), version: z.optional(z.int()) })),
  ...proposal,
});

export const TokenAnswer = z.object({
  serial: text,
  tokentype: text,
  active: z.boolean(),
  revoked: z.boolean(),
  description: text,
  realms: z.array(text),
  user: z.nullable(UserIdentity),
  failcount: z.int(),
  maxfail: z.int(),
  count: z.int(),
  count_window: z.int(),
  sync_window: z.int(),
  otplen: z.int(),
  rollout_state: text,
  tokengroups: z.array(text),
  applications: z.array(z.record(text, text)),
  info: z.record(text, text),
  locked: z.boolean(),
  pin_set: z.boolean(),
});

const cursor = orNull.check(z.describe('Of the next page; null: there is none.'));
export const TokensAnswer = z.object({ tokens: z.array(TokenAnswer), cursor });
export const OutcomesAnswer = z.object({ outcomes: z.array(KeptOutcome), cursor });

export const PreAnswer = z.object({ outcomes: z.array(OutcomeSchema) });

const described = { name: text, description: text };
export const ActionsAnswer = z.object({
  actions: z.array(
    z.object({
      ...described,
      positions: z.array(z.enum(['pre', 'post'])),
      options: z.array(
        z.object({
          ...described,
          type: text,
          required: z.boolean(),
          allowed: z.nullable(z.array(value)),
        }),
      ),
    }),
  ),
});
export const ConditionsAnswer = z.object({
  conditions: z.array(
    z.object({
      ...described,
      group: text,
      syntax: text,
      allowed: z.nullable(z.array(value)),
      needs: z.array(text),
    }),
  ),
});
