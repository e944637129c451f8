/** Does the steps of a plan on tokens whose changes stay in memory, and keeps what came of each. */
import type { CodeAt } from '../base/codes.ts';
import type { Clause } from '../condition/clause.ts';
import type { Outcome, Reason } from '../event/outcome.ts';
import type { Slip } from '../event/slip.ts';
import { loadCreationFacts, loadFacts } from '../step/run-slip.ts';
import { runWholeSlip } from '../step/run-whole-slip.ts';
import { hasStep } from '../token/ledger.ts';
import { isLive, type TokenRecord } from '../token/record.ts';
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
    let before: Awaited<ReturnType<typeof lookAt>> = NOTHING_SEEN;
    const look = async (slip: Slip): Promise<void> => {
      before = await lookAt(slip, runtime);
    };
    for await (const { slip, outcome, next } of runWholeSlip(first, runtime, look)) {
      const { steps, at, serial } = slip;
      findings.set(stepKey(steps[at]?.definition, serial), findingOf(slip, outcome, before, runtime));
      for (const { definition } of next === null ? steps.slice(at + 1) : []) {
        findings.set(stepKey(definition, serial), { found: { reason: ABORTED }, decided: new Map() });
      }
    }
  }
  return findings;
}

const NOTHING_SEEN = { record: undefined, decided: new Map(), written: new Map() };

/** What a step finds, before it is done. */
async function lookAt(slip: Slip, runtime: DryRun) {
  const record = slip.serial === null ? undefined : await runtime.tokens.read(slip.serial);
  return { record, decided: await decideOpen(slip, runtime), written: new Map(runtime.tokens.written) };
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

function findingOf(
  slip: Slip,
  outcome: Outcome | null,
  { record, decided, written }: Awaited<ReturnType<typeof lookAt>>,
  runtime: DryRun,
): Finding {
  const found = outcome ? announced(outcome, record) : { reason: LATER_STEP };
  const isMadeBefore =
    slip.serial === null && outcome?.status === 'done' && !hasWritten(outcome.serial, written, runtime);
  return { found: isMadeBefore ? { ...found, verdict: 'done_before', reason: DONE_BEFORE } : found, decided };
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
    const record = isLive(found) ? found : null;
    if (slip.serial !== null && record === null) return [];
    const owner = about.length === 1 && record ? record.token.user : null;
    const user = slip.user === undefined ? owner : slip.user;
    const facts =
      slip.serial !== null && record
        ? await loadFacts(slip, clauses, record, runtime)
        : await loadCreationFacts(slip, clauses, record, user, runtime);
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
