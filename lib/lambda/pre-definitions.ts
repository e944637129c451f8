/** Runs the `pre` definitions of an event in one call, with the same plan and the same steps as over the bus. */
import type { AuthEvent } from '../event/auth-event.ts';
import { isRemembered, type Outcome } from '../event/outcome.ts';
import { outcomeEntry } from '../event/publish.ts';
import { planEvent } from '../plan/plan.ts';
import { runWholeSlip } from '../step/run-whole-slip.ts';
import { observeOutcome } from './observe.ts';
import type { Runtime } from './runtime.ts';

/**
 * Runs the definitions. Outcomes are announced at the end, but for one that a redelivery could not announce again: it is
 * announced before the next step.
 *
 * @returns the outcomes, which the results bus gets without their `response`
 * @throws any transient error
 */
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
    for await (const { outcome, next } of runWholeSlip(first, step)) {
      if (outcome) outcomes.push(outcome);
      if (outcome && next && !isRemembered(outcome)) await announce();
    }
  }
  for (const outcome of outcomes) observeOutcome(outcome);
  await announce();
  return outcomes;
}
