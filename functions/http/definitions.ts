/** The definitions: read, history, plan and apply. */
import { documentClient } from '../../lib/aws/clients.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import { definitionOperations } from '../../lib/http/definitions.ts';
import { DefinitionsEnvironment } from '../../lib/lambda/environment.ts';
import { httpHandler } from '../../lib/lambda/http-handler.ts';
import { perEnvironment } from '../../lib/lambda/runtime.ts';
import { sealingBox } from '../../lib/lambda/sealing-box.ts';

export const handler = httpHandler(
  perEnvironment(DefinitionsEnvironment, (environment) => {
    const documents = documentClient(environment.REQUEST_TIMEOUT_MS);
    return definitionOperations(definitionStore(documents, environment.DEFINITIONS_TABLE), sealingBox(environment));
  }),
);
