/** Stores the outcomes of the results bus by token, without their response. Outcomes without a token are not stored. */
import * as z from 'zod/mini';
import { documentClient } from '../lib/aws/clients.ts';
import { isPartitionKey } from '../lib/aws/dynamodb.ts';
import { processClock } from '../lib/base/clock.ts';
import { KeptOutcome, outcomeStore } from '../lib/event/outcome-store.ts';
import { RecordingEnvironment } from '../lib/lambda/environment.ts';
import { observed } from '../lib/lambda/observe.ts';
import { perEnvironment } from '../lib/lambda/runtime.ts';
import { parse } from '../lib/schema/validate.ts';

const outcomes = perEnvironment(RecordingEnvironment, ({ OUTCOMES_TABLE, REQUEST_TIMEOUT_MS }) =>
  outcomeStore(documentClient(REQUEST_TIMEOUT_MS), OUTCOMES_TABLE),
);

const Announced = z.object({ detail: z.looseObject({ serial: z.nullable(z.string()) }) });

export const handler = observed(async (event: unknown) => {
  const { detail } = parse(Announced, event, 'bad_outcome');
  // An event may name a serial that cannot be a key: such an outcome is not stored.
  if (detail.serial !== null && isPartitionKey(detail.serial))
    await outcomes().record(parse(KeptOutcome, detail, 'bad_outcome'), processClock().now());
});
