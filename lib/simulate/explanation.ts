/**
 * Why the definitions of an event act or don't: data for machines, from which people's tree is made.
 * A verdict is the one that the step would come to; nothing is written to find it.
 */
import * as z from 'zod/mini';
import { UserIdentity } from '../directory/user.ts';

const text = z.string();
const Reason = z.looseObject({ code: text, message: text });

const ConditionVerdict = z.enum(['holds', 'does_not_hold', 'not_known', 'cannot_be_evaluated']);

const ExplainedCondition = z.object({
  condition: text,
  /** It stands under `unless`: it must not hold. */
  unless: z.boolean(),
  wanted: z.unknown(),
  saw: z.unknown(),
  /** `not_known`: what it looks at is missing, and the manual's rule or `when_missing` answered. */
  verdict: ConditionVerdict,
  /** Whether the definition may act as far as this condition goes. */
  passes: z.boolean(),
});
export type ExplainedCondition = z.output<typeof ExplainedCondition>;

/**
 * `acts`: it would be done. `done_before`: the token's ledger has it. `skipped`, `failed`: announced as such.
 * `passed_over`: nothing at all would be announced.
 */
const StepVerdict = z.enum(['acts', 'done_before', 'skipped', 'failed', 'passed_over']);
export type StepVerdict = z.output<typeof StepVerdict>;

const ExplainedStep = z.object({
  /** `null`: the event is about no token. */
  serial: z.nullable(text),
  verdict: StepVerdict,
  /** Why it does not act. */
  reason: z.nullable(Reason),
  conditions: z.array(ExplainedCondition),
  /** The options with their tags filled and their dates resolved; secrets masked. */
  options: z.record(text, z.unknown()),
  /** `{field: [before, after]}`; of a step done before what its ledger entry still holds. */
  changes: z.nullable(z.record(text, z.tuple([z.unknown(), z.unknown()]))),
  /** What the response would announce, by name: `pin`. */
  announces: z.array(text),
});
export type ExplainedStep = z.output<typeof ExplainedStep>;

const ExplainedDefinition = z.object({
  id: z.int(),
  name: text,
  /** 0: not applied. */
  version: z.int(),
  active: z.boolean(),
  position: z.enum(['pre', 'post']),
  action: z.nullable(text),
  acts: z.boolean(),
  steps: z.array(ExplainedStep),
});
export type ExplainedDefinition = z.output<typeof ExplainedDefinition>;

export const Explanation = z.object({
  event: z.object({
    id: text,
    name: text,
    source: text,
    position: z.enum(['pre', 'post']),
    time: text,
    serials: z.array(text),
    user: z.nullable(UserIdentity),
  }),
  /** In the order in which they would act. */
  definitions: z.array(ExplainedDefinition),
});
export type Explanation = z.output<typeof Explanation>;
