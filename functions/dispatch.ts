/**
 * Dispatch: plans an auth event from the bus and puts the first step of each slip back on the bus. A malformed event is
 * sent to the dead-letter queue with the reason, without retries.
 */

import type { DeadLetter } from '../lib/aws/dead-letter-sender.ts';
import { deadLetterQueue, reasonText } from '../lib/aws/dead-letters.ts';
import type { TokenwrightError } from '../lib/base/error.ts';
import { readHandedOver } from '../lib/event/arrival.ts';
import { parseAuthEvent } from '../lib/event/auth-event.ts';
import { dropSecrets } from '../lib/event/boundary.ts';
import { runEntry } from '../lib/event/bulk.ts';
import { outcomeEntry, stepEntry } from '../lib/event/publish.ts';
import { DispatchEnvironment } from '../lib/lambda/environment.ts';
import { count, logger, observed, observeOutcome } from '../lib/lambda/observe.ts';
import { createRuntime, perEnvironment } from '../lib/lambda/runtime.ts';
import { planEvent } from '../lib/plan/plan.ts';

const runtime = perEnvironment(DispatchEnvironment, (environment) => ({
  ...createRuntime(environment),
  sendDeadLetter: deadLetterQueue(environment.DEAD_LETTER_QUEUE_URL),
}));

export const handler = observed(async (input: unknown) => {
  const { step, clock, publish, environment, sendDeadLetter } = runtime();
  count('AuthEvents');
  const { event: given, arrived, wrap } = readHandedOver(input);
  const { value, dropped } = dropSecrets(given);
  if (dropped > 0) count('SecretsDropped', dropped);
  const parsed = arrived.ok ? parseAuthEvent(value, arrived.value) : arrived;
  if (!parsed.ok) {
    count('MalformedEvents');
    logger.warn('malformed auth event', {
      errors: parsed.errors.map(({ code, details }) => ({ code, path: details.path })),
    });
    await sendDeadLetter(deadLetterOf(wrap(value), parsed.errors));
    return;
  }
  const event = parsed.value;
  if (event.position === 'pre') {
    count('PreEventsIgnored');
    return;
  }
  const index = await step.definitions.current(clock.now());
  const { slips, outcomes, runs } = await planEvent(event, index, step.sources, step.timezone);
  for (const outcome of outcomes) observeOutcome(outcome);
  await publish([
    ...outcomes.map((outcome) => outcomeEntry(environment.RESULTS_BUS_NAME, outcome)),
    ...slips.map((slip) => stepEntry(environment.BUS_NAME, slip)),
    ...runs.map((run) => runEntry(environment.BUS_NAME, run)),
  ]);
});

/** Makes a dead letter of the event as it came, without its secrets, with the attributes of EventBridge's own ones. */
function deadLetterOf(event: unknown, errors: readonly TokenwrightError[]): DeadLetter {
  return {
    body: JSON.stringify(event),
    attributes: { ERROR_CODE: errors[0]?.code ?? 'bad_event', ERROR_MESSAGE: reasonText(errors) },
  };
}
