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
    time: described(text, 'When it occurred, in milliseconds.'),
  }),
  'The auth event that caused the step.',
);
const ofDefinition = z.object({ id: z.int(), name: text });

const Reason = z.looseObject({
  code: described(z.enum(codesAt('skipped', 'failed')), 'Why, for programs.'),
  message: described(text, 'Why, for people. The words may change.'),
  condition: described(z.optional(text), 'The condition that does not hold.'),
  wanted: described(z.optional(anything), 'What the condition wanted.'),
  saw: described(z.optional(anything), 'What it saw; null: nothing.'),
  path: described(z.optional(text), 'Where the fault is, as in `options.valid from`.'),
  given: described(z.optional(anything), 'What was given; never a secret.'),
  allowed: described(z.optional(z.union([text, z.array(text)])), 'What would be accepted.'),
});

/** The detail of `token.action.done`, `token.action.skipped` and `token.action.failed`. */
export const OutcomeSchema = z.object({
  id: described(text, "The step's id. The same outcome may come twice, always with the same id: drop the second."),
  status: described(z.enum(['done', 'skipped', 'failed']), 'What came of the step.'),
  event: ofEvent,
  definition: described(z.nullable(ofDefinition), 'The definition; null for a step that your own rule put.'),
  action: described(z.nullable(text), 'The action; null where the definition cannot be read.'),
  serial: described(
    z.nullable(text),
    'The token; null where there is none. Of `enroll` the new one, null where it failed.',
  ),
  changes: described(
    z.nullable(z.record(text, z.tuple([anything, anything]))),
    'What was changed, `{field: [before, after]}`, such as `failcount` or `info.KEY`; never a secret. Empty: nothing. Null: no longer known, because the step was delivered again late, or because it is too long.',
  ),
  response: described(
    z.nullable(z.object({ detail: z.record(text, anything) })),
    'What the action adds to the response, such as `detail.pin`. The only place of any event that may hold a secret.',
  ),
  reason: described(z.nullable(Reason), 'Why it was skipped or failed; null where it is done.'),
});

const count = (what: string) => described(z.int(), what);

/** The detail of `token.action.bulk`: what came of a definition with the target `unassigned` or `disabled`. */
export const BulkSummarySchema = z.object({
  id: described(text, "The run's id: drop doubles by it."),
  event: ofEvent,
  definition: ofDefinition,
  action: text,
  target: z.enum(TOKEN_STATES),
  stopped: described(z.boolean(), 'Whether it ended early, because its definition was changed or removed.'),
  tokens: z.object({
    found: count('Tokens in that state.'),
    done: count('Of these, changed.'),
    skipped: count('Skipped.'),
    failed: count('Failed.'),
    deferred: count('Put on the bus as steps of their own, because they could not be done at once.'),
  }),
});
