/** Explains what the definitions would do on an event, and why not. */
import { documentClient } from '../../lib/aws/clients.ts';
import { DAY_MS, processClock } from '../../lib/base/clock.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import { dynamodbDirectory } from '../../lib/directory/dynamodb-directory.ts';
import { explainOperations } from '../../lib/http/explain.ts';
import { ExplainEnvironment } from '../../lib/lambda/environment.ts';
import { httpHandler } from '../../lib/lambda/http-handler.ts';
import { perEnvironment } from '../../lib/lambda/runtime.ts';
import { readFirstDelivery } from '../../lib/plan/first-delivery.ts';
import { DEFAULT_LEDGER_LIMITS } from '../../lib/token/ledger.ts';
import { tokenStore } from '../../lib/token/store.ts';

export const handler = httpHandler(
  perEnvironment(ExplainEnvironment, (environment) => {
    const documents = documentClient(environment.REQUEST_TIMEOUT_MS);
    const scene = {
      tokens: tokenStore(documents, environment.TOKENS_TABLE),
      directory: dynamodbDirectory(documents, environment.DIRECTORY_TABLE),
      firstDelivery: readFirstDelivery(documents, environment.DIRECTORY_TABLE),
      timezone: environment.TIMEZONE,
      limits: { ...DEFAULT_LEDGER_LIMITS, maxAge: environment.LEDGER_DAYS * DAY_MS },
      now: () => processClock().now(),
    };
    return explainOperations(scene, definitionStore(documents, environment.DEFINITIONS_TABLE));
  }),
);
