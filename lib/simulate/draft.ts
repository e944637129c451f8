/**
 * Evaluates every condition of the definitions of an event's name, on the tokens as they are before any step: also of
 * definitions that planning passes over without reading a token (inactive, of the other position, not found by the
 * index). Where a step reaches verdicts of its own, the explanation shows those instead.
 */
import type { ActionContext } from '../action/action.ts';
import { findAction } from '../action/catalogue.ts';
import type { CodeAt } from '../base/codes.ts';
import type { Clause, ClauseVerdict } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { Reason } from '../event/outcome.ts';
import { isCreating } from '../plan/creations.ts';
import { findTargets } from '../plan/targets.ts';
import { evaluateAll, factsWithoutToken } from '../step/evaluate.ts';
import { completeFacts } from '../step/facts.ts';
import { isLive, type TokenRecord, viewToken } from '../token/record.ts';
import type { DryRun } from './dry-run.ts';
import { fillOptions } from './explain-options.ts';
import type { ExplainedCondition, ExplainedStep } from './explanation.ts';

export type Drafts = ReadonlyMap<CompiledDefinition, readonly ExplainedStep[]>;

/** The reason of a step on a token that the event is not about. */
export const OTHER_TOKEN: Reason<CodeAt<'explanation'>> = {
  code: 'other_token',
  message: 'the event is not about this token',
};

/**
 * Drafts the steps of each definition.
 *
 * @param base what is known before the token
 * @param only this token alone, with all definitions
 */
export async function draftSteps(
  event: AuthEvent,
  concerned: readonly CompiledDefinition[],
  base: Facts,
  { sources, tokens }: DryRun,
  only: string | undefined,
): Promise<Drafts> {
  const targets = await findTargets(event, base.user ?? null, concerned, sources);
  const serials = only === undefined ? [...targets.bySerial.keys()] : [only];
  const steps = new Map<CompiledDefinition, ExplainedStep[]>(concerned.map((compiled) => [compiled, []]));
  for (const serial of serials) {
    let facts = factsOnToken(base, serial, await tokens.read(serial));
    const own = targets.bySerial.get(serial) ?? [];
    for (const compiled of only === undefined ? own : concerned) {
      facts = await completeFacts(facts, compiled.clauses, event, sources);
      const step = await draft(compiled, facts, event, serial);
      steps.get(compiled)?.push(own.includes(compiled) ? step : { ...step, reason: OTHER_TOKEN });
    }
  }
  for (const compiled of only === undefined ? targets.without : []) {
    const facts = await factsWithoutToken(compiled.clauses, base, event, sources);
    steps.get(compiled)?.push(await draft(compiled, facts, event, null));
  }
  return new Map([...steps].map(([compiled, own]) => [compiled, isCreating(compiled) ? asOne(own) : own]));
}

/** A token is created once, however many tokens the event is about: one of them has to fulfil the conditions. */
function asOne(steps: readonly ExplainedStep[]): readonly ExplainedStep[] {
  const about = steps.filter(({ reason }) => reason !== OTHER_TOKEN);
  const step = about.find(({ reason }) => reason === null) ?? about[0];
  return step ? [{ ...step, serial: null }] : steps;
}

function factsOnToken(base: Facts, serial: string, record: TokenRecord | undefined): Facts {
  const token = isLive(record) ? viewToken(record) : null;
  return { ...base, serial, token, user: base.user === undefined ? (token?.user ?? null) : base.user };
}

async function draft(
  { definition, clauses }: CompiledDefinition,
  facts: Facts,
  { client_ip, user_agent, occurredAt }: AuthEvent,
  serial: string | null,
): Promise<ExplainedStep> {
  const action = findAction(definition.action);
  const { timezone, user = null } = facts;
  const context: ActionContext = { now: occurredAt, timezone, client_ip, user_agent, user };
  const { verdicts, unmet } = evaluateAll(clauses, facts);
  return {
    serial,
    verdict: 'passed_over',
    conditions: clauses.flatMap((clause, i) => (verdicts[i] ? [explainedCondition(clause, verdicts[i])] : [])),
    reason: unmet,
    options: action ? await fillOptions(action, definition.options, context) : {},
    changes: {},
    announces: [],
  };
}

/** A condition with what it wanted, what it saw and its verdict. */
export function explainedCondition({ name, negated, wanted }: Clause, verdict: ClauseVerdict): ExplainedCondition {
  const { passes, saw } = verdict;
  return { condition: name, unless: negated, wanted, saw: saw ?? null, verdict: wordFor(verdict, negated), passes };
}

function wordFor({ passes, known, failed }: ClauseVerdict, negated: boolean): ExplainedCondition['verdict'] {
  if (failed) return 'cannot_be_evaluated';
  if (!known) return 'not_known';
  return passes !== negated ? 'holds' : 'does_not_hold';
}
