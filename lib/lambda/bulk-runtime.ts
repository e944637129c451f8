/** What the function of bulk runs works with: the indexes and its own table, and none of what steps need. */
import { documentClient, eventBridgeClient } from '../aws/clients.ts';
import { DAY_MS, processClock } from '../base/clock.ts';
import { bulkStore } from '../bulk/store.ts';
import { definitionsApplied, type Walk } from '../bulk/walk.ts';
import { definitionStore } from '../definition/store.ts';
import { publisher } from '../event/publish.ts';
import { tokenListing } from '../token/listing.ts';
import { BulkEnvironment } from './environment.ts';
import { perEnvironment } from './runtime.ts';

export const bulkRuntime = perEnvironment(BulkEnvironment, (environment): Walk => {
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
