/** Each definition of an event's name on each of its tokens, as they are before any step of the event. */
import type { ActionContext } from '../action/action.ts';
import { findAction } from '../action/catalogue.ts';
import { createsToken } from '../action/table.ts';
import type { CodeAt } from '../base/codes.ts';
import type { Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { Reason } from '../event/outcome.ts';
import { findTargets } from '../plan/targets.ts';
import { factsWithoutToken } from '../step/evaluate.ts';
import { completeFacts, neededBy } from '../step/facts.ts';
import { isLive, type TokenRecord, viewToken } from '../token/record.ts';
import type { DryRun } from './dry-run.ts';
import { explainClauses } from './explain-conditions.ts';
import { fillOptions } from './explain-options.ts';
import type { ExplainedStep } from './explanation.ts';

export type Drafts = ReadonlyMap<CompiledDefinition, readonly ExplainedStep[]>;

/** The reason of a step on a token that the event is not about. */
export const OTHER_TOKEN: Reason<CodeAt<'explanation'>> = {
  code: 'other_token',
  message: 'the event is not about this token',
};

/**
 * Decides every condition, whether or not planning would look at it.
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
      facts = await completeFacts(facts, neededBy(compiled.clauses), event, sources);
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

const isCreating = ({ definition }: CompiledDefinition): boolean => createsToken(definition.action);

/** A token is made once, whatever number of tokens the event is about: one of them has to fulfil the conditions. */
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
  return {
    serial,
    verdict: 'passed_over',
    ...explainClauses(clauses, facts),
    options: action ? await fillOptions(action, definition.options, context) : {},
    changes: {},
    announces: [],
  };
}
