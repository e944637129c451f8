/** Runs a slip from its present step to its end in this process: `pre`, explain and replay. On the bus each step is an event. */
import { findAction } from '../action/catalogue.ts';
import { TokenwrightError } from '../base/error.ts';
import type { Outcome } from '../event/outcome.ts';
import type { Slip } from '../event/slip.ts';
import { runSlipStep, type StepRuntime } from './run-slip.ts';

/** A step that was run. */
export interface RunStep {
  readonly slip: Slip;
  /** `null`: nothing to announce. */
  readonly outcome: Outcome | null;
  readonly next: Slip | null;
}

/**
 * Runs step after step; the next one begins when the caller asks for it.
 *
 * @param before called before each step, with the tokens as the step finds them
 * @throws whatever is transient
 */
export async function* runWholeSlip(
  first: Slip,
  runtime: StepRuntime,
  before?: (slip: Slip) => Promise<void>,
): AsyncGenerator<RunStep> {
  for (let slip: Slip | null = first; slip !== null; ) {
    await before?.(slip);
    const { outcome, next }: Omit<RunStep, 'slip'> = await runSlipStep(slip, actionOf(slip), runtime);
    yield { slip, outcome, next };
    slip = next;
  }
}

function actionOf({ action: name }: Slip) {
  const action = findAction(name);
  if (action) return action;
  throw new TokenwrightError('unknown_action', `there is no action "${name}"`, { given: name });
}
