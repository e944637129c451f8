/**
 * Runs the current step of a slip, and ends at once the steps after it that reject the token: to evaluate a step right
 * after the one before it, on the token as that one left it, is among the orders in which the bus delivers them. It costs
 * no read of the token and no invocation. The slip goes on with the first step that may do more than be skipped.
 */
import type { AnyAction } from '../action/action.ts';
import type { Clause } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import { type Outcome, skipped } from '../event/outcome.ts';
import { nextSlip, type Slip } from '../event/slip.ts';
import type { TokenRecord } from '../token/record.ts';
import { conditionalStep, currentStep, loadUpdateFacts, runSlipStep, type StepRuntime } from './run-slip.ts';
import { evaluateStep } from './update-token.ts';

/** The steps of a slip that are finished, and the slip to go on with. */
export interface Stretch {
  /** In the order of the steps; empty if a later step of the slip is applied already. */
  readonly outcomes: readonly Outcome[];
  /** `null` at the end of the slip. */
  readonly next: Slip | null;
}

/** Keeps an invocation short that loads all these definitions for the first time. */
const MOST_AHEAD = 50;

/** Runs a step, and ends those after it that are skipped. @throws transient errors of the step itself */
export async function runAndLookAhead(slip: Slip, action: AnyAction, runtime: StepRuntime): Promise<Stretch> {
  const { outcome, next, record } = await runSlipStep(slip, action, runtime);
  if (outcome === null) return { outcomes: [], next };
  // Only a step that was decided now, so that none after it is in the ledger.
  const ahead = record && next ? await endSkipped(next, record, runtime) : { outcomes: [], next };
  return { outcomes: [outcome, ...ahead.outcomes], next: ahead.next };
}

async function endSkipped(first: Slip, record: TokenRecord, runtime: StepRuntime): Promise<Stretch> {
  const outcomes: Outcome[] = [];
  let slip: Slip | null = first;
  let facts: Facts | undefined;
  try {
    for (; slip !== null && outcomes.length < MOST_AHEAD; slip = nextSlip(slip)) {
      const current = slip;
      const { definition, version, open } = currentStep(current);
      const loaded = open.length > 0 ? await runtime.definitions.byVersion(definition, version) : undefined;
      if (!loaded?.ok) break;
      const step = { ...conditionalStep(current, loaded.compiled), state: current.state };
      const loadFacts = async (clauses: readonly Clause[]): Promise<Facts> => {
        facts = await loadUpdateFacts(current, clauses, record, runtime, facts);
        return facts;
      };
      const { unmet } = await evaluateStep(step, record, { now: runtime.now, loadFacts });
      if (unmet === null) break;
      outcomes.push(skipped(step.subject, unmet));
    }
  } catch {
    // The function of that step meets the error again, and reports it.
  }
  return { outcomes, next: slip };
}
