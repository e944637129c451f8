/**
 * The schemas of what is announced on the results bus, for docs/reference/outcome.md, the exported types and the HTTP API's
 * answers. No function parses with them, so that no bundle contains the descriptions.
 */
import * as z from 'zod/mini';
import { codesAt } from '../base/codes.ts';
import { TOKEN_STATES } from '../token/state.ts';

const text = z.string();
const anything = z.unknown();
const described = <S extends z.ZodMiniType>(schema: S, what: string) => schema.check(z.describe(what));

const ofEvent = described(
  z.object({
    id: described(text, "`detail.id` of the event, else the bus's id."),
    name: described(text, 'Its `detail-type`.'),
    time: described(text, 'When it occurred: ISO 8601, UTC, with milliseconds.'),
  }),
  'The auth event that caused the step.',
);
const ofDefinition = z.object({ id: described(z.int(), 'Its id.'), name: described(text, 'Its name.') });

const Reason = z.looseObject({
  code: described(z.enum(codesAt('skipped', 'failed')), 'The reason, for programs.'),
  message: described(text, 'The reason, for people. The text may change.'),
  condition: described(z.optional(text), 'The condition that does not hold.'),
  wanted: described(z.optional(anything), 'The value that the condition requires.'),
  saw: described(z.optional(anything), 'The value that was compared; null: there was none.'),
  path: described(z.optional(text), 'The place of the fault, as in `options.valid from`.'),
  given: described(z.optional(anything), 'What was given; never a secret.'),
  allowed: described(z.optional(z.union([text, z.array(text)])), 'What is accepted.'),
});

/** The detail of `token.action.done`, `token.action.skipped` and `token.action.failed`. */
export const OutcomeSchema = z.object({
  id: described(text, "The step's id. The same outcome may arrive twice, always with the same id: ignore the second."),
  status: described(z.enum(['done', 'skipped', 'failed']), 'The result of the step.'),
  event: ofEvent,
  definition: described(z.nullable(ofDefinition), 'The definition; null for a step that a rule of your own has put.'),
  action: described(z.nullable(text), 'The action; null if the definition cannot be read.'),
  serial: described(
    z.nullable(text),
    'The token; null if there is none. Of `enroll` the new token, or null if it failed.',
  ),
  changes: described(
    z.nullable(z.record(text, z.tuple([anything, anything]))),
    'The changes, `{field: [before, after]}`, such as `failcount` or `info.KEY`; never a secret. Empty: nothing was changed. Null: the changes are no longer known, because the step was delivered again late, or they are too long.',
  ),
  response: described(
    z.nullable(
      z.object({
        detail: described(
          z.record(text, anything),
          'The values by name: `pin`; of `enroll` `serial`, `type`, and what its type announces, such as `googleurl`.',
        ),
      }),
    ),
    'What the action adds to the response, such as `detail.pin`. No other field of any event may contain a secret.',
  ),
  reason: described(z.nullable(Reason), 'Why the step was skipped or failed; null if it is done.'),
});

const count = (what: string) => described(z.int(), what);

/** The detail of `token.action.bulk`: the result of a definition with the target `unassigned` or `disabled`. */
export const BulkSummarySchema = z.object({
  id: described(text, "The run's id. The same summary may arrive twice, always with the same id: ignore the second."),
  event: ofEvent,
  definition: described(ofDefinition, 'The definition.'),
  action: described(text, 'The action.'),
  target: described(z.enum(TOKEN_STATES), 'The state of the tokens.'),
  stopped: described(z.boolean(), 'Whether the run ended early, because its definition was changed or removed.'),
  tokens: described(
    z.object({
      found: count('The tokens in that state: the sum of the other numbers.'),
      done: count('Steps that were done.'),
      skipped: count('Steps that were skipped.'),
      failed: count('Steps that failed.'),
      deferred: count('Steps that could not be done at once, and were put on the bus as steps of their own.'),
    }),
    'The number of steps by result.',
  ),
});
