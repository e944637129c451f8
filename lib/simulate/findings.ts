/** Runs the steps of a plan on tokens whose changes stay in memory, and collects their results. */
import type { CodeAt } from '../base/codes.ts';
import type { ClauseVerdict } from '../condition/clause.ts';
import type { Outcome, Reason } from '../event/outcome.ts';
import type { Slip } from '../event/slip.ts';
import { runWholeSlip } from '../step/run-whole-slip.ts';
import type { DryRun } from './dry-run.ts';
import type { ExplainedStep } from './explanation.ts';

/** The result of a step, and the verdicts that it reached, by the index of the definition's clause. */
export interface Finding {
  readonly found: Partial<ExplainedStep>;
  readonly verdicts: ReadonlyMap<number, ClauseVerdict>;
}

/** Names the step of a definition on a token. */
export const stepKey = (definition: number | undefined, serial: string | null) => `${definition} ${serial ?? ''}`;

/** Runs all slips, one after another, each on the tokens as those before it have left them. @returns by `stepKey` */
export async function collectFindings(slips: readonly Slip[], runtime: DryRun): Promise<ReadonlyMap<string, Finding>> {
  const findings = new Map<string, Finding>();
  for (const first of slips) {
    for await (const { slip, outcome, verdicts, isRepeated, next } of runWholeSlip(first, runtime)) {
      const { steps, at, serial } = slip;
      const { definition, open = [] } = steps[at] ?? {};
      findings.set(stepKey(definition, serial), {
        found: outcome ? announced(outcome, isRepeated) : { reason: LATER_STEP },
        verdicts: new Map(verdicts.map((verdict, i) => [open[i] ?? i, verdict])),
      });
      for (const later of next === null ? steps.slice(at + 1) : []) {
        findings.set(stepKey(later.definition, serial), { found: { reason: ABORTED }, verdicts: new Map() });
      }
    }
  }
  return findings;
}

const ABORTED: Reason<CodeAt<'explanation'>> = {
  code: 'aborted',
  message: 'an earlier step failed, and its definition says abort_on_error',
};
const LATER_STEP: Reason<CodeAt<'explanation'>> = {
  code: 'later_step_done',
  message: 'a later step of this event was applied already, so this one is not decided again',
};
const DONE_BEFORE: Reason<CodeAt<'explanation'>> = {
  code: 'done_before',
  message: "the token's ledger has this step: it is announced, and not done again",
};

/** An outcome as explanations show it: of a response only the names of what it would announce. */
export function announced(outcome: Outcome, isRepeated = false): Partial<ExplainedStep> {
  const { status, reason, changes, response } = outcome;
  if (status !== 'done') return { verdict: status, reason };
  return {
    verdict: isRepeated ? 'done_before' : 'acts',
    reason: isRepeated ? DONE_BEFORE : null,
    changes: changes && Object.fromEntries(Object.entries(changes).map(([field, [from, to]]) => [field, [from, to]])),
    announces: Object.keys(response?.detail ?? {}),
  };
}
