/**
 * Bulk runs: a definition on all unassigned or all disabled tokens. This function starts a run and walks the index,
 * page by page; the steps of a page are done by the action's own function (docs/decisions, "bulk targets").
 */
import * as z from 'zod/mini';
import { nextTurn, startRun } from '../lib/bulk/walk.ts';
import { OWN_SOURCE } from '../lib/event/boundary.ts';
import { BULK_STEP, BulkStep } from '../lib/event/bulk.ts';
import { outcomeEntry } from '../lib/event/publish.ts';
import { bulkRuntime } from '../lib/lambda/bulk-runtime.ts';
import { count, observed, observeOutcome } from '../lib/lambda/observe.ts';
import { parse } from '../lib/schema/validate.ts';

const Envelope = z.object({
  source: z.literal(OWN_SOURCE),
  'detail-type': z.literal(BULK_STEP),
  detail: BulkStep,
});

export const handler = observed(async (input: unknown) => {
  const walk = bulkRuntime();
  const { detail } = parse(Envelope, input, 'bad_step');
  if ('turn' in detail) {
    count('BulkTurns');
    await nextTurn(detail, walk);
    return;
  }
  count('BulkStarts');
  const outcome = await startRun(detail.run, walk);
  if (!outcome) return;
  observeOutcome(outcome);
  await walk.publish([outcomeEntry(walk.buses.results, outcome)]);
});
