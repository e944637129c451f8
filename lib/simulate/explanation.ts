/**
 * The schema of an explanation: which definitions of an event act, and why. The command line makes its tree from it.
 * A verdict is the one that the step would reach; nothing is written to find it.
 */
import * as z from 'zod/mini';
import { UserIdentity } from '../directory/user.ts';

const text = z.string();
const Reason = z.looseObject({ code: text, message: text });

const ConditionVerdict = z.enum(['holds', 'does_not_hold', 'not_known', 'cannot_be_evaluated']);

const ExplainedCondition = z.object({
  condition: text,
  /** The condition is under `unless`: it must not hold. */
  unless: z.boolean(),
  wanted: z.unknown(),
  saw: z.unknown(),
  /** `not_known`: the fact is missing, and the condition's rule or `when_missing` decides. */
  verdict: ConditionVerdict,
  /** Whether the condition lets the definition act. */
  passes: z.boolean(),
});
export type ExplainedCondition = z.output<typeof ExplainedCondition>;

/**
 * `acts`: the step would be done. `done_before`: the token's ledger has it. `skipped`, `failed`: it would be announced
 * as such. `passed_over`: nothing would be announced.
 */
const StepVerdict = z.enum(['acts', 'done_before', 'skipped', 'failed', 'passed_over']);
export type StepVerdict = z.output<typeof StepVerdict>;

const ExplainedStep = z.object({
  /** `null`: the event is about no token. */
  serial: z.nullable(text),
  verdict: StepVerdict,
  /** Why the step does not act. */
  reason: z.nullable(Reason),
  conditions: z.array(ExplainedCondition),
  /** The options with their tags filled and their dates resolved; secrets masked. */
  options: z.record(text, z.unknown()),
  /** `{field: [before, after]}`; of a step that was done before, what its ledger entry still holds. */
  changes: z.nullable(z.record(text, z.tuple([z.unknown(), z.unknown()]))),
  /** The names of what the response would announce, such as `pin`. */
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
