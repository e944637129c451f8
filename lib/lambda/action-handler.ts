/**
 * Makes the Lambda of an action: takes a step event from the bus, or the bare form of an administrator's own rule, does
 * the step, and puts its outcome and the next step on the buses, with one `PutEvents` if the step was done.
 */

import * as z from 'zod/mini';
import { type AnyAction, isCreating } from '../action/action.ts';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { runPage } from '../bulk/page.ts';
import { OWN_SOURCE } from '../event/boundary.ts';
import { BulkPage, turnEntry } from '../event/bulk.ts';
import { isRemembered, type Outcome } from '../event/outcome.ts';
import { outcomeEntry, stepEntry } from '../event/publish.ts';
import { BareStep, Slip } from '../event/slip.ts';
import { parse } from '../schema/validate.ts';
import { runAndLookAhead } from '../step/look-ahead.ts';
import { runBareCreation, runBareStep } from '../step/run-bare-step.ts';
import { ActionEnvironment } from './environment.ts';
import { count, observed, observeOutcome } from './observe.ts';
import { createRuntime, perEnvironment, type Runtime } from './runtime.ts';

const StepEnvelope = z.object({
  source: z.literal(OWN_SOURCE),
  'detail-type': z.literal('token.action'),
  detail: z.union([Slip, BulkPage]),
});

/** Well below a function's timeout; the steps that a page has no time for are done in the next one. */
const PAGE_MS = 10_000;

/**
 * Makes the handler of an action.
 *
 * @param runtime its tools; by default those of an action that neither derives nor seals a secret
 */
export function actionHandler(
  action: AnyAction,
  runtime: () => Runtime = perEnvironment(ActionEnvironment, createRuntime),
) {
  return observed(async (event: unknown) => {
    if (isObject(event) && 'detail-type' in event) {
      const { detail } = parse(StepEnvelope, event, 'bad_step');
      await ('serials' in detail ? handlePage(detail, action, runtime()) : handleSlip(detail, action, runtime()));
    } else {
      await handleBare(parse(BareStep, event, 'bad_step'), action, runtime());
    }
  });
}

async function handleSlip(slip: Slip, action: AnyAction, { step, publish, environment }: Runtime): Promise<void> {
  requireOwn(slip.action, action);
  const { outcomes, next } = await runAndLookAhead(slip, action, step);
  for (const outcome of outcomes) observeOutcome(outcome);
  if (outcomes.length === 0) count('StepsDecidedBefore');
  const announcements = outcomes.map((outcome) => outcomeEntry(environment.RESULTS_BUS_NAME, outcome));
  const following = next ? [stepEntry(environment.BUS_NAME, next)] : [];
  if (next && !outcomes.every(isRemembered)) {
    // One call might take the step and refuse the outcomes, which could not be announced again.
    await publish(announcements);
    await publish(following);
  } else await publish([...announcements, ...following]);
}

async function handlePage(page: BulkPage, action: AnyAction, { step, publish, environment }: Runtime): Promise<void> {
  requireOwn(page.action, action);
  const { outcomes, deferred, rest, counts } = await runPage(page, action, step, AbortSignal.timeout(PAGE_MS));
  for (const outcome of outcomes) observeOutcome(outcome);
  count('BulkSteps', counts.found);
  if (deferred.length > 0) count('BulkStepsDeferred', deferred.length);
  const { run, lane, turn } = page;
  await publish([
    ...outcomes.map((outcome) => outcomeEntry(environment.RESULTS_BUS_NAME, outcome)),
    ...deferred.map((slip) => stepEntry(environment.BUS_NAME, slip)),
  ]);
  // In a call of its own: the lane continues when everything of this page is on the bus.
  await publish([turnEntry(environment.BUS_NAME, { run, lane, turn, counts, rest: [...rest] })]);
}

async function handleBare(bare: BareStep, action: AnyAction, { step, publish, environment }: Runtime): Promise<void> {
  requireOwn(bare.action.trim().toLowerCase(), action);
  const announce = async (outcome: Outcome | null): Promise<void> => {
    if (!outcome) return;
    observeOutcome(outcome);
    await publish([outcomeEntry(environment.RESULTS_BUS_NAME, outcome)]);
  };
  if (isCreating(action)) {
    await announce(await runBareCreation(bare, action, step));
    return;
  }
  for (const serial of bare.serials.length > 0 ? bare.serials : [null]) {
    await announce(await runBareStep(bare, serial, action, step));
  }
}

/** @throws TokenwrightError `bad_step` for a step of another action */
function requireOwn(given: string, action: AnyAction): void {
  if (given === action.name) return;
  throw new TokenwrightError('bad_step', `this function does "${action.name}", not "${given}"`, {
    path: 'action',
    given,
    allowed: action.name,
  });
}
