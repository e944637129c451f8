/** Does the steps of a plan on tokens whose changes stay in memory, and keeps what came of each. */
import { findAction } from '../action/catalogue.ts';
import type { CodeAt } from '../base/codes.ts';
import type { Clause } from '../condition/clause.ts';
import type { Outcome, Reason } from '../event/outcome.ts';
import type { Slip } from '../event/slip.ts';
import { loadFacts, loadMakingFacts, runSlipStep } from '../step/run-slip.ts';
import { hasStep } from '../token/ledger.ts';
import type { TokenRecord } from '../token/record.ts';
import type { DryRun } from './dry-run.ts';
import { explainClauses } from './explain-conditions.ts';
import type { ExplainedCondition, ExplainedStep } from './explanation.ts';

/** What came of a step, and the conditions that it decided itself, by their place in the definition. */
export interface Finding {
  readonly found: Partial<ExplainedStep>;
  readonly decided: ReadonlyMap<number, ExplainedCondition>;
}

/** Names the step of a definition on a token. */
export const stepKey = (definition: number | undefined, serial: string | null) => `${definition} ${serial ?? ''}`;

/** Does the steps of all slips, one after another, each on what those before it have left. */
export async function findOut(slips: readonly Slip[], runtime: DryRun): Promise<ReadonlyMap<string, Finding>> {
  const findings = new Map<string, Finding>();
  for (const first of slips) {
    for (let slip: Slip | null = first; slip !== null; ) {
      const { steps, at, serial }: Slip = slip;
      const next = await findStep(slip, runtime, (finding) => {
        findings.set(stepKey(steps[at]?.definition, serial), finding);
      });
      for (const { definition } of next === null ? steps.slice(at + 1) : []) {
        findings.set(stepKey(definition, serial), { found: { reason: ABORTED }, decided: new Map() });
      }
      slip = next;
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

async function findStep(slip: Slip, runtime: DryRun, tell: (finding: Finding) => void): Promise<Slip | null> {
  const action = findAction(slip.action);
  if (!action) throw new TypeError(`no action is called "${slip.action}"`);
  const record = slip.serial === null ? undefined : await runtime.tokens.read(slip.serial);
  const decided = await decideOpen(slip, runtime);
  const written = new Map(runtime.tokens.written);
  const { outcome, next } = await runSlipStep(slip, action, runtime);
  const found = outcome ? announced(outcome, record) : { reason: LATER_STEP };
  const isMadeBefore =
    slip.serial === null && outcome?.status === 'done' && !hasWritten(outcome.serial, written, runtime);
  tell({ found: isMadeBefore ? { ...found, verdict: 'done_before', reason: DONE_BEFORE } : found, decided });
  return next;
}

/** A token that was made before is announced again, and nothing is written. */
function hasWritten(serial: string | null, before: ReadonlyMap<string, TokenRecord>, { tokens }: DryRun): boolean {
  return serial !== null && tokens.written.get(serial) !== before.get(serial);
}

/** The conditions that only the step can decide, on the token as the step finds it. */
async function decideOpen(slip: Slip, runtime: DryRun): Promise<Finding['decided']> {
  const step = slip.steps[slip.at];
  const loaded = step && (await runtime.definitions.byVersion(step.definition, step.version));
  if (!loaded?.ok) return new Map();
  const clauses: readonly Clause[] = loaded.compiled.clauses;
  const open = (step?.open ?? []).flatMap((i) => (clauses[i] ? [{ i, clause: clauses[i] }] : []));
  const left = open.map(({ clause }) => clause);
  const conditions = left.length === 0 ? [] : await decideAll(left, slip, runtime);
  return new Map(open.flatMap(({ i }, at) => (conditions[at] ? [[i, conditions[at]]] : [])));
}

/** On the slip's token; where a token is made, on the one of the event's that fulfils all of them, else on the first. */
async function decideAll(clauses: readonly Clause[], slip: Slip, runtime: DryRun): Promise<ExplainedCondition[]> {
  const { about = [] } = slip;
  let first: ExplainedCondition[] | undefined;
  for (const serial of slip.serial !== null ? [slip.serial] : about.length > 0 ? about : [null]) {
    const found = serial === null ? undefined : await runtime.tokens.read(serial);
    const record = found?.deletedAt === null ? found : null;
    if (slip.serial !== null && record === null) return [];
    const owner = about.length === 1 && record ? record.token.user : null;
    const user = slip.user === undefined ? owner : slip.user;
    const facts =
      slip.serial !== null && record
        ? await loadFacts(slip, clauses, record, runtime)
        : await loadMakingFacts(slip, clauses, record, user, runtime);
    const { conditions, reason } = explainClauses(clauses, facts);
    if (reason === null) return conditions;
    first ??= conditions;
  }
  return first ?? [];
}

/** An outcome as explanations tell it: of a response only what it would announce, by name. */
export function announced(outcome: Outcome, record?: TokenRecord): Partial<ExplainedStep> {
  const { id, status, reason, changes, response } = outcome;
  if (status !== 'done') return { verdict: status, reason };
  const before = record !== undefined && hasStep(record.ledger, id);
  return {
    verdict: before ? 'done_before' : 'acts',
    reason: before ? DONE_BEFORE : null,
    changes: changes && Object.fromEntries(Object.entries(changes).map(([field, [from, to]]) => [field, [from, to]])),
    announces: Object.keys(response?.detail ?? {}),
  };
}
