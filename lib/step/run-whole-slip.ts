/**
 * Runs a slip to its end in this process, for `pre`, explain and replay. It loads every action; on the bus each step is
 * an event of its own, and a function loads one action (so this is not in `run-slip.ts`).
 */
import { findAction } from '../action/catalogue.ts';
import { TokenwrightError } from '../base/error.ts';
import type { Slip } from '../event/slip.ts';
import { runSlipStep, type SlipResult, type StepRuntime } from './run-slip.ts';

/** A step that was run: the slip whose current step it was, and its result. */
export interface RunStep extends SlipResult {
  readonly slip: Slip;
}

/** Runs step after step; the next one begins when the caller asks for it. @throws transient errors */
export async function* runWholeSlip(first: Slip, runtime: StepRuntime): AsyncGenerator<RunStep> {
  for (let slip: Slip | null = first; slip !== null; ) {
    const result: SlipResult = await runSlipStep(slip, actionOf(slip), runtime);
    yield { slip, ...result };
    slip = result.next;
  }
}

function actionOf({ action: name }: Slip) {
  const action = findAction(name);
  if (action) return action;
  throw new TokenwrightError('unknown_action', `there is no action "${name}"`, { given: name });
}
