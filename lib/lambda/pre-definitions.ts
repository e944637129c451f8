/** Does the `pre` definitions of an event in one call: the same plan and the same steps as over the bus. */
import { findAction } from '../action/catalogue.ts';
import { TokenwrightError } from '../base/error.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { isRemembered, type Outcome } from '../event/outcome.ts';
import { outcomeEntry } from '../event/publish.ts';
import type { Slip } from '../event/slip.ts';
import { planEvent } from '../plan/plan.ts';
import { runSlipStep } from '../step/run-slip.ts';
import { observeOutcome } from './observe.ts';
import type { Runtime } from './runtime.ts';

/** The outcomes, which go on the results bus without their `response`. @throws whatever is transient */
export async function runPreDefinitions(
  event: AuthEvent,
  { step, clock, publish, environment }: Pick<Runtime, 'step' | 'clock' | 'publish' | 'environment'>,
): Promise<readonly Outcome[]> {
  const index = await step.definitions.current(clock.now());
  const plan = await planEvent({ ...event, position: 'pre' }, index, step.sources, step.timezone);
  const outcomes: Outcome[] = [...plan.outcomes];
  let announced = 0;
  const announce = async (): Promise<void> => {
    const fresh = outcomes.slice(announced).map((outcome) => ({ ...outcome, response: null }));
    await publish(fresh.map((outcome) => outcomeEntry(environment.RESULTS_BUS_NAME, outcome)));
    announced = outcomes.length;
  };
  for (const first of plan.slips) {
    for (let slip: Slip | null = first; slip !== null; ) {
      const result = await runSlipStep(slip, actionOf(slip), step);
      if (result.outcome) outcomes.push(result.outcome);
      if (result.outcome && result.next && !isRemembered(result.outcome)) await announce();
      slip = result.next;
    }
  }
  for (const outcome of outcomes) observeOutcome(outcome);
  await announce();
  return outcomes;
}

function actionOf(slip: Slip) {
  const action = findAction(slip.action);
  if (action) return action;
  throw new TokenwrightError('unknown_action', `there is no action "${slip.action}"`, { given: slip.action });
}
