/**
 * Bulk runs: a definition on all unassigned or all disabled tokens. This function starts a run and walks through the
 * index page by page; the action's own function runs the steps of a page (docs/decisions/0006-bulk-targets.md).
 */
import * as z from 'zod/mini';
import { documentClient, eventBridgeClient } from '../lib/aws/clients.ts';
import { DAY_MS, processClock } from '../lib/base/clock.ts';
import { bulkStore } from '../lib/bulk/store.ts';
import { definitionsApplied, nextTurn, startRun, type Walk } from '../lib/bulk/walk.ts';
import { definitionStore } from '../lib/definition/store.ts';
import { OWN_SOURCE } from '../lib/event/boundary.ts';
import { BULK_STEP, BulkStep } from '../lib/event/bulk.ts';
import { outcomeEntry, publisher } from '../lib/event/publish.ts';
import { BulkEnvironment } from '../lib/lambda/environment.ts';
import { count, observed, observeOutcome } from '../lib/lambda/observe.ts';
import { perEnvironment } from '../lib/lambda/runtime.ts';
import { parse } from '../lib/schema/validate.ts';
import { tokenListing } from '../lib/token/listing.ts';

const Envelope = z.object({
  source: z.literal(OWN_SOURCE),
  'detail-type': z.literal(BULK_STEP),
  detail: BulkStep,
});

/** Makes the tools of this function: the indexes and its own table. */
const bulkRuntime = perEnvironment(BulkEnvironment, (environment): Walk => {
  const { REQUEST_TIMEOUT_MS, LEDGER_DAYS, BULK_LANES, BULK_PAGE_SIZE } = environment;
  const documents = documentClient(REQUEST_TIMEOUT_MS);
  const now = () => processClock().now();
  return {
    store: bulkStore(documents, environment.BULK_RUNS_TABLE, now, 2 * LEDGER_DAYS * DAY_MS),
    list: tokenListing(documents, environment.TOKENS_TABLE),
    publish: publisher(eventBridgeClient(REQUEST_TIMEOUT_MS)),
    buses: { steps: environment.BUS_NAME, results: environment.RESULTS_BUS_NAME },
    isApplied: definitionsApplied(definitionStore(documents, environment.DEFINITIONS_TABLE)),
    lanes: BULK_LANES,
    pageSize: BULK_PAGE_SIZE,
  };
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
