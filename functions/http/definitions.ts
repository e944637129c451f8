/** The definitions, their history, plan and apply. */
import { documentClient } from '../../lib/aws/clients.ts';
import { DefinitionsEnvironment } from '../../lib/config/environment.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import { definitionOperations } from '../../lib/http/definitions.ts';
import { httpHandler } from '../../lib/lambda/http-handler.ts';
import { perEnvironment } from '../../lib/lambda/runtime.ts';

export const handler = httpHandler(
  perEnvironment(DefinitionsEnvironment, ({ DEFINITIONS_TABLE, REQUEST_TIMEOUT_MS }) =>
    definitionOperations(definitionStore(documentClient(REQUEST_TIMEOUT_MS), DEFINITIONS_TABLE)),
  ),
);
