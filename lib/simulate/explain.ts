/**
 * Explains what each definition of an event's name does at an event, and why. The event is planned and its steps are
 * run by the functions that act (`planEvent`, `runSlipStep`), on tokens whose changes stay in memory; the verdicts are
 * those that the steps return. `draft.ts` evaluates the conditions of definitions that do not come to a step.
 */

import { isoTime } from '../base/clock.ts';
import type { CodeAt } from '../base/codes.ts';
import type { Facts } from '../condition/condition.ts';
import type { BrokenDefinition, CompiledDefinition } from '../definition/compile.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { BulkRun } from '../event/bulk.ts';
import type { Outcome, Reason } from '../event/outcome.ts';
import { eventFacts, planEvent, withUser } from '../plan/plan.ts';
import { draftSteps, explainedCondition, OTHER_TOKEN } from './draft.ts';
import type { DryRun } from './dry-run.ts';
import type { ExplainedDefinition, ExplainedStep, Explanation } from './explanation.ts';
import { announced, collectFindings, type Finding, stepKey } from './findings.ts';

/**
 * Explains an event.
 *
 * @param runtime a fresh one: the steps' changes stay in its tokens
 * @param only explains this token alone; the reason `other_token` says that the event is not about it
 * @throws transient errors
 */
export async function explainEvent(event: AuthEvent, runtime: DryRun, only?: string): Promise<Explanation> {
  const { index, definitions: all, broken: unusable } = runtime.definitions;
  const concerned = all.filter(({ definition }) => definition.event.includes(event.name));
  const broken = unusable.filter(({ events }) => events.includes(event.name));

  const base = await baseFacts(event, runtime);
  const drafts = await draftSteps(event, concerned, base, runtime, only);
  const plan = await planEvent(event, index, runtime.sources, runtime.timezone);
  const findings = await collectFindings(plan.slips, runtime);
  const planned = new Map(plan.outcomes.map((outcome) => [stepKey(outcome.definition?.id, outcome.serial), outcome]));

  const definitions = concerned.map((compiled) => {
    const steps = (drafts.get(compiled) ?? []).map((step) => conclude(step, compiled, event, planned, findings));
    const runs = plan.runs.filter(({ definition }) => definition.id === compiled.definition.id);
    return explained(compiled, [...steps, ...runs.map(walked)]);
  });
  return { event: described(event, base), definitions: [...broken.map((one) => refused(one, event)), ...definitions] };
}

async function baseFacts(event: AuthEvent, { sources, timezone }: DryRun): Promise<Facts> {
  const user = event.user ? await sources.directory.findUser(event.user) : undefined;
  return withUser(eventFacts(event, timezone), event, user, true);
}

function described(event: AuthEvent, { user = null }: Facts): Explanation['event'] {
  const { id, name, source, position, serials, occurredAt } = event;
  return { id, name, source, position, time: isoTime(occurredAt), serials: [...serials], user };
}

function explained({ definition, version }: CompiledDefinition, steps: ExplainedStep[]): ExplainedDefinition {
  const { id, name, active, position, action } = definition;
  return { id, name, version, active, position, action, acts: steps.some(({ verdict }) => verdict === 'acts'), steps };
}

/** Adds the result of a step: the outcome of its slip, the outcome of planning, or the reason why it does not act. */
function conclude(
  step: ExplainedStep,
  { definition, clauses }: CompiledDefinition,
  event: AuthEvent,
  planned: ReadonlyMap<string, Outcome>,
  findings: ReadonlyMap<string, Finding>,
): ExplainedStep {
  const finding = findings.get(stepKey(definition.id, step.serial));
  if (finding) {
    const conditions = step.conditions.map((draft, i) => {
      const [clause, verdict] = [clauses[i], finding.verdicts.get(i)];
      return clause && verdict ? explainedCondition(clause, verdict) : draft;
    });
    return { ...step, ...finding.found, conditions };
  }
  const isOther = step.reason === OTHER_TOKEN;
  const outcome = planned.get(stepKey(definition.id, isOther ? null : step.serial));
  if (outcome) return { ...step, ...announced(outcome) };
  if (!definition.active) return { ...step, reason: INACTIVE };
  if (definition.position !== event.position) return { ...step, reason: otherPosition(definition.position, event) };
  return step;
}

/** A definition on all tokens of a state: its bulk run evaluates the conditions on each token, which is not shown here. */
function walked({ target }: BulkRun): ExplainedStep {
  const message = `on every token that is ${target}, each by its own conditions`;
  const reason: Reason<CodeAt<'explanation'>> = { code: 'bulk', message };
  return { serial: null, verdict: 'acts', reason, conditions: [], options: {}, changes: null, announces: [] };
}

const INACTIVE: Reason<CodeAt<'explanation'>> = { code: 'inactive', message: 'the definition is not active' };

function otherPosition(position: string, event: AuthEvent): Reason<CodeAt<'explanation'>> {
  return { code: 'other_position', message: `the definition is for "${position}", the event is "${event.position}"` };
}

/** A definition that cannot be parsed. */
function refused({ id, version, name, position, error }: BrokenDefinition, event: AuthEvent): ExplainedDefinition {
  const concerns = position === event.position;
  const step: ExplainedStep = {
    serial: null,
    verdict: concerns ? 'failed' : 'passed_over',
    reason: concerns ? { code: error.code, message: error.message } : otherPosition(position, event),
    conditions: [],
    options: {},
    changes: {},
    announces: [],
  };
  return { id, name, version, active: true, position, action: null, acts: false, steps: [step] };
}
